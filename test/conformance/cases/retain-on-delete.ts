import * as k8s from "@pulumi/kubernetes";
import type { Case } from "../case.ts";

const retainOnDelete: Case = {
  title: "leave an object in the cluster that is retained",
  program: ({ step, namespace }) => {
    if (step === 1)
      new k8s.core.v1.ConfigMap("kept", { metadata: { namespace, name: "kept" } }, { retainOnDelete: true });
    new k8s.core.v1.ConfigMap("other", { metadata: { namespace, name: "other" } }, { retainOnDelete: true });
  },
  steps: [{ run: "up" }, { run: "preview" }, { run: "up" }],
};
export default retainOnDelete;
