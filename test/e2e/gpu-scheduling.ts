import { BatchV1Api, CoreV1Api, type V1Pod } from "@kubernetes/client-node";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { parse } from "yaml";
import { jobTarget, templateOf } from "../../operations/pipeline/job-target.ts";
import { publishDefinition } from "../../operations/pipeline/publish-definition.ts";
import { runJob } from "../../operations/pipeline/run-job.ts";
import { taggedReference } from "../../operations/pipeline/step-artifacts.ts";
import type { JobName } from "../../runtime/contract/job-template.ts";
import { openPlatform, stackOn, type Caller, type Platform } from "../../operations/platform.ts";
import { ROOT } from "../../operations/root.ts";
import type { StackRunner } from "../../operations/stack/stack-runner.ts";
import type { PlatformStatus } from "../../operations/status/platform-status.ts";
import { GPU_RESOURCE } from "../../components/platform/kubernetes/gpu-types.ts";
import { terminalView } from "../../cli/terminal-view.ts";
import { lineProgress } from "../../local/progress.ts";
import { flightDelays } from "../runtime/support/flight-delays.ts";
import { offerGpus, withdrawGpus } from "./gpu-node.ts";

const caller: Caller = { progress: lineProgress(), view: terminalView() };
const gpu = { type: "nvidia-l4", count: 1 } as const;
const POLL = { timeout: 120_000, interval: 2000 };

/** The scenario, on a platform that runs: what asks for a GPU waits without one, runs with one, and nothing else gets there. */
export async function checkGpuScheduling(status: () => Promise<PlatformStatus>): Promise<void> {
  const platform = await openPlatform({ stack: "dev" }, caller);
  const standard = await stackWith(platform, {});
  const asking = await stackWith(platform, await gpuConfig());
  const waiting = async (namespace: string): Promise<string[]> =>
    (await status()).waiting.filter(({ pod }) => pod.startsWith(`${namespace}/`)).map(({ reason }) => reason);
  const before = await gpuPods(platform); // of an earlier run, on a platform that is kept
  try {
    const deployed = asking.up(); // waits for the service's pod, which waits for a GPU
    await expect
      .poll(() => waiting("staging"), POLL)
      .toContainEqual(expect.stringMatching(/^needs 1 nvidia-l4: /));
    await expect.poll(() => trainLimits(platform), POLL).toHaveProperty([GPU_RESOURCE], "1");
    const trained = run(platform, "train", [
      ...(await definition(platform, "train")),
      ...["--features", await latest(platform, "features")],
    ]);
    await expect
      .poll(() => waiting("platform"), POLL)
      .toContainEqual(expect.stringMatching(/^needs 1 nvidia-l4: /));

    await offerGpus(platform.kube, gpu.type, 2);
    await deployed;
    expect((await trained).artifact).toBe(await latest(platform, "candidate"));
    expect((await gpuPods(platform)).filter((pod) => !before.includes(pod))).toEqual([
      expect.stringMatching(/^platform\/training-train-/),
      expect.stringMatching(/^staging\/pushback-/),
    ]);

    const evaluated = run(platform, "evaluate", [
      ...(await definition(platform, "evaluate")),
      ...["--candidate", await latest(platform, "candidate")],
    ]);
    await expect
      .poll(() => waiting("platform"), POLL)
      .toContainEqual(expect.stringContaining("untolerated taint"));
    await withdrawGpus(platform.kube);
    expect((await evaluated).summary["gate"]).toBe("passed");
  } finally {
    await withdrawGpus(platform.kube);
    await standard.up();
  }
}

function stackWith(platform: Platform, config: Record<string, string>): Promise<StackRunner> {
  const { plan } = platform;
  return stackOn({ ...plan, config: { ...plan.config, ...config } }, "dev", caller);
}

interface DevConfig {
  "slipway:training": Record<string, unknown>;
  "slipway:environments": { staging: { services: { pushback: Record<string, unknown> } } };
}

/** The dev stack's config, but that staging's service and the training job ask for a GPU. */
async function gpuConfig(): Promise<Record<string, string>> {
  const { config } = parse(await readFile(join(ROOT, "Pulumi.dev.yaml"), "utf8")) as { config: DevConfig };
  config["slipway:training"]["gpu"] = gpu;
  config["slipway:environments"].staging.services.pushback["gpu"] = gpu;
  return {
    "slipway:training": JSON.stringify(config["slipway:training"]),
    "slipway:environments": JSON.stringify(config["slipway:environments"]),
  };
}

function run(platform: Platform, job: JobName, args: string[]): ReturnType<typeof runJob> {
  const result = jobTarget(platform).then((target) =>
    runJob(target.jobs, { template: templateOf(target, job), args }),
  );
  result.catch(() => undefined); // it is awaited later
  return result;
}

/** The flag with the step's part of the definition. */
async function definition({ registry }: Platform, step: "train" | "evaluate"): Promise<string[]> {
  return ["--definition", await publishDefinition(registry, step, flightDelays, "pushback")];
}

async function latest(platform: Platform, kind: "features" | "candidate"): Promise<string> {
  const reference = await taggedReference(platform.registry, `flight-delays/pushback/${kind}`, "latest");
  if (reference === undefined) throw new Error(`no ${kind} of pushback: it was never trained`);
  return reference;
}

async function trainLimits({ kube }: Platform): Promise<Record<string, string>> {
  const cronJob = await kube
    .makeApiClient(BatchV1Api)
    .readNamespacedCronJob({ namespace: "platform", name: "training-train" });
  return cronJob.spec?.jobTemplate.spec?.template.spec?.containers[0]?.resources?.limits ?? {};
}

/** `namespace/name` of the pods that have a GPU and got to a node, those that are on their way out aside. */
async function gpuPods({ kube }: Platform): Promise<string[]> {
  const { items } = await kube.makeApiClient(CoreV1Api).listPodForAllNamespaces();
  const hasGpu = ({ spec }: V1Pod): boolean =>
    spec?.nodeName !== undefined &&
    spec.containers.some(({ resources }) => resources?.limits?.[GPU_RESOURCE] !== undefined);
  return items
    .filter((pod) => hasGpu(pod) && pod.metadata?.deletionTimestamp === undefined)
    .map(({ metadata }) => `${metadata?.namespace}/${metadata?.name}`)
    .sort();
}
