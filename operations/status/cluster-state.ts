import { CoreV1Api, type KubeConfig } from "@kubernetes/client-node";
import { kubernetesReason } from "../kubernetes-error.ts";
import type { PlatformStatus } from "./platform-status.ts";

/** Checks that the API server answers and a node takes pods. Returns the reason where they do not. */
export async function clusterState(kube: KubeConfig): Promise<PlatformStatus["cluster"]> {
  const server = kube.getCurrentCluster()?.server ?? "unknown";
  try {
    const { items } = await kube.makeApiClient(CoreV1Api).listNode();
    const ready = items.some(({ status }) =>
      status?.conditions?.some(({ type, status: value }) => type === "Ready" && value === "True"),
    );
    return ready ? { ready, server } : { ready, server, reason: "no node is ready" };
  } catch (error) {
    return { ready: false, server, reason: kubernetesReason(error) };
  }
}
