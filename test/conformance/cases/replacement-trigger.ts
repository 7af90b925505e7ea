import * as k8s from "@pulumi/kubernetes";
import type { Case } from "../case.ts";

const replacementTriggerCase: Case = {
  title: "replace a resource when its trigger changes",
  program: ({ step, namespace }) => {
    new k8s.core.v1.ConfigMap(
      "map",
      { metadata: { namespace }, data: { a: "1" } },
      { replacementTrigger: step < 3 ? "first" : { second: [1] } },
    );
  },
  steps: [{ run: "up" }, { run: "up" }, { run: "preview" }, { run: "up" }],
};
export default replacementTriggerCase;
