import type { types } from "@pulumi/kubernetes";
import { GPU_TAINT, GPU_TYPE_LABEL } from "../kubernetes/gpu-types.ts";

type PodSpec = types.input.core.v1.PodSpec;

/** Where a pod that tends GPUs runs: on every node that has them, past any taint, whatever else is there. */
export const onGpuNodes: Pick<PodSpec, "affinity" | "tolerations" | "priorityClassName"> = {
  priorityClassName: "system-node-critical",
  affinity: {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchExpressions: [{ key: GPU_TYPE_LABEL, operator: "Exists" }] }],
      },
    },
  },
  tolerations: [
    { key: GPU_TAINT.key, operator: "Exists", effect: GPU_TAINT.effect },
    { key: "kubernetes.azure.com/scalesetpriority", operator: "Exists", effect: "NoSchedule" },
  ],
};

/**
 * Hands a container every GPU of its node without taking one from the pods that ask. Where NVIDIA's runtime heeds no
 * environment of unprivileged pods, as on Bottlerocket, it heeds this mount; elsewhere the variable.
 * @see https://github.com/NVIDIA/nvidia-container-toolkit#volume-mount-strategy
 */
export const allGpus = {
  env: [{ name: "NVIDIA_VISIBLE_DEVICES", value: "all" }],
  volume: { name: "all-gpus", hostPath: { path: "/dev/null" } },
  mount: { name: "all-gpus", mountPath: "/var/run/nvidia-container-devices/all" },
};
