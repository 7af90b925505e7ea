import { KubeConfig } from "@kubernetes/client-node";
import { fakeServer, sendJson, type FakeServer } from "./fake-server.ts";

export interface FakeCluster extends FakeServer {
  kube: KubeConfig;
  /** Path → what a GET answers: an object, or a status. A text is sent as it is. */
  answers: Map<string, object | number | string>;
}

/** An API server that knows what a test tells it, over real HTTP. What it does not know is a 404 as Kubernetes sends it. */
export async function fakeCluster(
  answers: Record<string, object | number | string> = {},
): Promise<FakeCluster> {
  const known = new Map(Object.entries(answers));
  const server = await fakeServer((_request, { pathname }, response) => {
    const answer = known.get(pathname) ?? 404;
    if (typeof answer === "string") response.writeHead(200, { "content-type": "text/plain" }).end(answer);
    else if (typeof answer === "object") sendJson(response, 200, answer);
    else
      sendJson(response, answer, {
        kind: "Status",
        status: "Failure",
        code: answer,
        message: `${pathname} is refused with ${answer}`,
      });
  });
  const kube = new KubeConfig();
  kube.loadFromClusterAndUser({ name: "fake", server: server.url, skipTLSVerify: true }, { name: "fake" });
  return { ...server, kube, answers: known };
}

const READY = [{ type: "Ready", status: "True" }];

export const NODES = {
  kind: "NodeList",
  items: [{ metadata: { name: "n" }, status: { conditions: READY } }],
};

/** A pod that serves a model version, or that does not get ready for a reason. */
export function servingPod(
  reference: string,
  { waiting, ready = waiting === undefined }: { waiting?: string; ready?: boolean } = {},
): object {
  return {
    metadata: { name: `pod-${reference.slice(-4)}`, namespace: "production" },
    spec: { containers: [{ name: "runtime", env: [{ name: "SLIPWAY_MODEL", value: reference }] }] },
    status: {
      phase: "Running",
      conditions: [{ type: "Ready", status: ready ? "True" : "False" }],
      containerStatuses: [
        {
          name: "runtime",
          image: "",
          imageID: "",
          ready,
          restartCount: waiting === undefined ? 0 : 3,
          state: waiting === undefined ? { running: {} } : { waiting: { reason: waiting } },
          lastState: waiting === undefined ? {} : { terminated: { exitCode: 1, reason: "Error" } },
        },
      ],
    },
  };
}

export function deployment(replicas: number): object {
  return { kind: "Deployment", metadata: { name: "pushback" }, spec: { replicas }, status: {} };
}
