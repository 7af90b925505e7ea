import type { V1Pod } from "@kubernetes/client-node";
import { expect, test } from "vitest";
import { waitingReason } from "../../../operations/status/waiting-reason.ts";
import { GPU_RESOURCE, GPU_TYPE_LABEL } from "../../../components/platform/kubernetes/gpu-types.ts";

const unscheduled: V1Pod["status"] = {
  conditions: [
    { type: "PodScheduled", status: "False", reason: "Unschedulable", message: "0/1 nodes are available" },
  ],
};
const asking = (limits?: Record<string, string>, nodeSelector?: Record<string, string>): V1Pod["spec"] => ({
  containers: [{ name: "runtime", ...(limits === undefined ? {} : { resources: { limits } }) }],
  ...(nodeSelector === undefined ? {} : { nodeSelector }),
});

test.each<[string, V1Pod, string | undefined]>([
  ["a pod that runs", { spec: asking(), status: { phase: "Running" } }, undefined],
  ["no place", { spec: asking(), status: unscheduled }, "0/1 nodes are available"],
  [
    "no place with its GPUs",
    { spec: asking({ [GPU_RESOURCE]: "2" }, { [GPU_TYPE_LABEL]: "nvidia-l4" }), status: unscheduled },
    "needs 2 nvidia-l4: 0/1 nodes are available",
  ],
  [
    "any GPU would do",
    { spec: asking({ [GPU_RESOURCE]: "1" }), status: unscheduled },
    "needs 1 nvidia.com/gpu: 0/1 nodes are available",
  ],
  [
    "an image that does not come, on a node that has the GPU",
    {
      spec: asking({ [GPU_RESOURCE]: "1" }),
      status: {
        containerStatuses: [
          {
            name: "runtime",
            image: "",
            imageID: "",
            ready: false,
            restartCount: 0,
            state: { waiting: { reason: "ImagePullBackOff" } },
          },
        ],
      },
    },
    "ImagePullBackOff",
  ],
])("says why it waits: %s", (_title, pod, reason) => {
  expect(waitingReason(pod)).toBe(reason);
});
