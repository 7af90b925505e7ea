import { runCommand } from "../../../../local/run-command.ts";
import type { Cluster } from "../../../../local/cluster/cluster-up.ts";

/** Runs kubectl as an administrator of the cluster. */
export type Kubectl = (args: readonly string[], input?: object) => Promise<string>;

export function kubectlOf({ kubectl, kubeconfig }: Pick<Cluster, "kubectl" | "kubeconfig">): Kubectl {
  return (args, input) =>
    runCommand(kubectl, ["--kubeconfig", kubeconfig, ...args], {
      timeoutMs: 180_000,
      ...(input === undefined ? {} : { input: JSON.stringify(input) }),
    });
}

/** Applies objects. */
export async function apply(kubectl: Kubectl, ...items: object[]): Promise<void> {
  const list = { apiVersion: "v1", kind: "List", items };
  await kubectl(
    ["apply", "--server-side", "--force-conflicts", "--field-manager=walk", "--filename=-"],
    list,
  );
}

export interface KubernetesObject {
  metadata: {
    name: string;
    namespace?: string;
    annotations?: Record<string, string>;
    deletionTimestamp?: string;
    finalizers?: string[];
  };
  spec?: Record<string, unknown>;
  status?: Record<string, unknown>;
}

export async function list(kubectl: Kubectl, kind: string): Promise<KubernetesObject[]> {
  const text = await kubectl(["get", kind, "--all-namespaces", "--output=json"]);
  return (JSON.parse(text) as { items: KubernetesObject[] }).items;
}
