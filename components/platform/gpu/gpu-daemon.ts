import type { types } from "@pulumi/kubernetes";
import { GPU_TAINT, GPU_TYPE_LABEL } from "../kubernetes/gpu-types.ts";

type PodSpec = types.input.core.v1.PodSpec;

/** Schedules a pod on every node with GPUs, past their taints, and before pods of lower priority. */
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
 * Makes all GPUs of the node visible without requesting them. Bottlerocket ignores the environment variable for
 * unprivileged pods and reads this mount instead; other systems read the variable.
 * @see https://github.com/NVIDIA/nvidia-container-toolkit#volume-mount-strategy
 */
export const allGpus = {
  env: [{ name: "NVIDIA_VISIBLE_DEVICES", value: "all" }],
  volume: { name: "all-gpus", hostPath: { path: "/dev/null" } },
  mount: { name: "all-gpus", mountPath: "/var/run/nvidia-container-devices/all" },
};
