import type { types } from "@pulumi/kubernetes";
import { AZURE_SPOT_TAINT_KEY } from "../kubernetes/gpu-scheduling.ts";
import { GPU_TAINT, GPU_TYPE_LABEL } from "../kubernetes/gpu-types.ts";

type PodSpec = types.input.core.v1.PodSpec;

/** Schedules the pods of a DaemonSet on every node with GPUs: they tolerate its taints and come before pods of lower priority. */
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
    { key: AZURE_SPOT_TAINT_KEY, operator: "Exists", effect: "NoSchedule" },
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
