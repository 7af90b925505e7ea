import * as k8s from "@pulumi/kubernetes";
import type { Case } from "../case.ts";

const replacementTriggerNewCase: Case = {
  title: "take a trigger that is new on an existing resource",
  program: ({ step, namespace }) => {
    new k8s.core.v1.ConfigMap(
      "map",
      { metadata: { namespace }, data: { a: "1" } },
      step === 1 ? {} : { replacementTrigger: "first" },
    );
  },
  steps: [{ run: "up" }, { run: "preview" }, { run: "up" }, { run: "up" }],
};
export default replacementTriggerNewCase;
