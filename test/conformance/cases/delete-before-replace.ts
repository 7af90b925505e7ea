import * as k8s from "@pulumi/kubernetes";
import type { Case } from "../case.ts";

const deleteBeforeReplace: Case = {
  title: "delete a resource of a fixed name before its replacement is made",
  program: ({ step, namespace }) => {
    const fixed = new k8s.core.v1.ConfigMap("fixed", {
      metadata: { namespace, name: "fixed" },
      immutable: true,
      data: { step: step > 1 ? "b" : "a" },
    });
    new k8s.core.v1.ConfigMap(
      "forced",
      { metadata: { namespace }, immutable: true, data: { step: step > 1 ? "b" : "a" } },
      {
        deleteBeforeReplace: true,
      },
    );
    new k8s.core.v1.ConfigMap("user", { metadata: { namespace }, data: { name: fixed.metadata.name } });
  },
  steps: [{ run: "up" }, { run: "preview" }, { run: "up" }],
};
export default deleteBeforeReplace;
