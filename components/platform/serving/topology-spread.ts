import type { types } from "@pulumi/kubernetes";

/**
 * Returns constraints that spread the pods with these labels over zones and nodes. A pod still runs if the constraints cannot be met, for
 * example on a single node.
 */
export function topologySpread(
  labels: Record<string, string>,
): types.input.core.v1.TopologySpreadConstraint[] {
  return ["topology.kubernetes.io/zone", "kubernetes.io/hostname"].map((topologyKey) => ({
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable: "ScheduleAnyway",
    labelSelector: { matchLabels: labels },
  }));
}
