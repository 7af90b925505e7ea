import * as k8s from "@pulumi/kubernetes";
import type { Case } from "../case.ts";

const ignoreChanges: Case = {
  title: "leave ignored fields as they are, in an update and in a replacement",
  program: ({ step, namespace }) => {
    new k8s.core.v1.ConfigMap(
      "scalar",
      {
        metadata: { namespace, labels: { step: String(step) } },
        data: { mine: String(step), theirs: String(step) },
      },
      { ignoreChanges: ["data.theirs"] },
    );
    new k8s.core.v1.ConfigMap(
      "map",
      { metadata: { namespace, labels: { step: String(step) } }, data: { a: String(step) } },
      { ignoreChanges: ["data"] },
    );
  },
  steps: [{ run: "up" }, { run: "preview" }, { run: "up" }, { run: "up" }],
};
export default ignoreChanges;
