import type { CloudConfig } from "./cloud.ts";
import type { ClusterConfig } from "./cluster.ts";
import type { Refuse } from "./refuse.ts";
import { isolatedEndpoints } from "./vpc-endpoints.ts";

/** Whether nodes and pods of the cluster have no way to the internet. */
function isIsolated(cluster: ClusterConfig): boolean {
  return cluster.kind !== "existing" && cluster.nat === "none";
}

/** Refuses a list of endpoints without one that a network without a NAT gateway needs. */
export function fitEndpoints(cluster: ClusterConfig, cloud: CloudConfig | undefined, refuse: Refuse): void {
  if (cluster.kind !== "eks" || !isIsolated(cluster) || cluster.vpcEndpoints === undefined) return;
  const { vpcEndpoints } = cluster;
  const missing = isolatedEndpoints(cloud ?? { targets: [] }).filter(
    (service) => !vpcEndpoints.includes(service),
  );
  if (missing.length > 0)
    refuse(
      ["cluster", "vpcEndpoints"],
      `must contain ${missing.join(", ")} if cluster.nat is none: the stack reaches them in no other way`,
      "add them, or leave vpcEndpoints out for all that the stack needs",
    );
}

/** Refuses parts of a platform that call addresses of the internet from a cluster that reaches none. */
export function fitIsolation(
  { cluster, alerts }: { cluster: ClusterConfig; alerts: { receiver: string } },
  refuse: Refuse,
): void {
  if (isIsolated(cluster) && alerts.receiver === "slack")
    refuse(
      ["alerts", "receiver"],
      "must be local if cluster.nat is none: Alertmanager could not reach Slack",
      "read the alerts in the cluster, or use a network with NAT",
    );
}
