import type { V1Pod } from "@kubernetes/client-node";

const GPU_RESOURCE = "nvidia.com/gpu";
const GPU_TYPE_LABEL = "slipway.dev/gpu-type";

/** Returns why a pod does not run yet: the GPUs that it needs, and the message of the scheduler or the kubelet. Undefined if it runs. */
export function waitingReason({ spec, status }: V1Pod): string | undefined {
  const unscheduled = status?.conditions?.find(
    ({ type, status: value }) => type === "PodScheduled" && value === "False",
  );
  const waiting = status?.containerStatuses?.find(({ state }) => state?.waiting !== undefined)?.state
    ?.waiting;
  const reason = unscheduled?.message ?? waiting?.message ?? waiting?.reason;
  if (reason === undefined || unscheduled === undefined) return reason;
  const gpus = spec?.containers.reduce(
    (sum, { resources }) => sum + Number(resources?.limits?.[GPU_RESOURCE] ?? 0),
    0,
  );
  if (gpus === undefined || gpus === 0) return reason;
  // The scheduler names the label that did not match, and not the type of GPU.
  return `needs ${gpus} ${spec?.nodeSelector?.[GPU_TYPE_LABEL] ?? GPU_RESOURCE}: ${reason}`;
}
