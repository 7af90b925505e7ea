import * as k8s from "@pulumi/kubernetes";
import type { Case } from "../case.ts";

const patch: Case = {
  title: "patch an object of somebody else, and give its fields back",
  program: ({ step, namespace }) => {
    if (step < 3)
      new k8s.core.v1.ConfigMapPatch("patch", {
        metadata: { namespace, name: "theirs" },
        data: { mine: step > 1 ? "2" : "1" },
      });
  },
  steps: [
    { run: "up", kubectl: [["create", "configmap", "theirs", "--from-literal=a=1"]] },
    { run: "up" },
    { run: "up" },
  ],
};
export default patch;
