import * as k8s from "@pulumi/kubernetes";
import type { Case } from "../case.ts";

const replaceOnChanges: Case = {
  title: "replace where a change would otherwise be an update",
  program: ({ step, namespace }) => {
    new k8s.core.v1.ConfigMap(
      "labels",
      { metadata: { namespace, labels: { step: step > 1 ? "b" : "a" } }, data: { a: "1" } },
      { replaceOnChanges: ["metadata.labels"] },
    );
    new k8s.core.v1.ServiceAccount(
      "all",
      { metadata: { namespace, labels: { step: step > 1 ? "b" : "a" } } },
      { replaceOnChanges: ["*"] },
    );
  },
  steps: [{ run: "up" }, { run: "preview" }, { run: "up" }],
};
export default replaceOnChanges;
