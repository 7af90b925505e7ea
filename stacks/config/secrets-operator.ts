import type { StackConfig } from "./schema.ts";

/** Whether the stack deploys the External Secrets Operator: it has secrets to copy, and the cluster has no operator of its own. */
export function hasSecretsOperator({ cluster, secrets }: Pick<StackConfig, "cluster" | "secrets">): boolean {
  const { operator = cluster.kind !== "existing", namespaces } = secrets;
  return operator && Object.values(namespaces).some((byName) => Object.keys(byName).length > 0);
}
