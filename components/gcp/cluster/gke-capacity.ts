import type { types } from "@pulumi/gcp";
import type { FlexStart, ReservedCapacity } from "../../platform/kubernetes/gpu-types.ts";

type NodeConfig = types.input.container.NodePoolNodeConfig;

/** Hours that Google lets a node with flex-start run. */
export const MAX_RUN_HOURS = 168;

/**
 * Returns the node settings for capacity that is reserved, or for which nodes wait.
 *
 * @see https://cloud.google.com/kubernetes-engine/docs/concepts/dws
 */
export function gkeCapacity(capacity: ReservedCapacity | FlexStart | undefined): Partial<NodeConfig> {
  if (capacity === undefined) return {};
  if (capacity.kind !== "flex-start")
    return {
      reservationAffinity: {
        consumeReservationType: "SPECIFIC_RESERVATION",
        key: "compute.googleapis.com/reservation-name",
        values: [capacity.id],
      },
    };
  return {
    flexStart: true,
    maxRunDuration: `${(capacity.maxRunHours ?? MAX_RUN_HOURS) * 3600}s`,
    reservationAffinity: { consumeReservationType: "NO_RESERVATION" },
  };
}
