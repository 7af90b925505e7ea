import { KubeConfig, type V1Job } from "@kubernetes/client-node";
import { json } from "node:stream/consumers";
import type { StepResult } from "../../runtime/contract/step-result.ts";
import { fakeServer, sendJson, type FakeServer } from "./fake-server.ts";
import { trainTemplate } from "./pipeline/fake-cluster-jobs.ts";

export interface FakeJobCluster extends FakeServer {
  kube: KubeConfig;
  /** Arguments of every Job that was created, joined. */
  ran: string[];
}

/** An API server whose Jobs end at once: with the summary and artifact that `run` gives, or failed where it throws. */
export async function fakeJobCluster(
  run: (args: readonly string[]) => Partial<StepResult>,
): Promise<FakeJobCluster> {
  const jobs = new Map<string, FinishedJob>();
  const ran: string[] = [];
  const server = await fakeServer(async (request, url, response) => {
    const [, kind = "", name] =
      /^\/api(?:s\/batch)?\/v1\/namespaces\/[^/]+\/(cronjobs|jobs|pods)(?:\/([^/]+))?/.exec(url.pathname) ??
      [];
    if (url.pathname.endsWith("/log")) {
      response.writeHead(200, { "content-type": "text/plain" }).end("");
      return;
    }
    if (kind === "cronjobs" && name !== undefined)
      return sendJson(response, 200, trainTemplate({ name, job: name }));
    if (kind === "jobs" && request.method === "POST") {
      const job = (await json(request)) as V1Job;
      const args = job.spec?.template.spec?.containers[0]?.args ?? [];
      ran.push(args.join(" "));
      jobs.set(job.metadata?.name ?? "", finished(job, args, run));
      return sendJson(response, 201, job);
    }
    if (kind === "jobs" && name === undefined) return sendJson(response, 200, { items: [] });
    if (kind === "jobs") return sendJson(response, 200, jobs.get(name ?? "")?.job ?? {});
    const of = /job-name=(.+)$/.exec(url.searchParams.get("labelSelector") ?? "")?.[1] ?? "";
    const { message, exitCode } = jobs.get(of) ?? { message: undefined, exitCode: 1 };
    return sendJson(response, 200, {
      items: [
        {
          metadata: { name: "pod" },
          status: { containerStatuses: [{ state: { terminated: { exitCode, message } } }] },
        },
      ],
    });
  });
  const kube = new KubeConfig();
  kube.loadFromClusterAndUser({ name: "fake", server: server.url, skipTLSVerify: true }, { name: "fake" });
  return { ...server, kube, ran };
}

interface FinishedJob {
  job: V1Job;
  message: string;
  exitCode: number;
}

function finished(
  job: V1Job,
  args: readonly string[],
  run: (args: readonly string[]) => Partial<StepResult>,
): FinishedJob {
  const ended = (type: string): V1Job => ({ ...job, status: { conditions: [{ type, status: "True" }] } });
  try {
    const result = { job: args[0] ?? "", summary: {}, ...run(args) };
    return { job: ended("Complete"), message: JSON.stringify(result), exitCode: 0 };
  } catch (error) {
    const summary = { reason: error instanceof Error ? error.message : "" };
    return { job: ended("Failed"), message: JSON.stringify({ job: args[0] ?? "", summary }), exitCode: 1 };
  }
}
