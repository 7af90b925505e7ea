import type { types } from "@pulumi/kubernetes";

/** Spreads pods over zones and nodes where there are several; never keeps a pod from running. */
export function spreadOver(labels: Record<string, string>): types.input.core.v1.TopologySpreadConstraint[] {
  return ["topology.kubernetes.io/zone", "kubernetes.io/hostname"].map((topologyKey) => ({
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable: "ScheduleAnyway",
    labelSelector: { matchLabels: labels },
  }));
}
