import * as k8s from "@pulumi/kubernetes";
import type { Case } from "../case.ts";

const replaceWithDependents: Case = {
  title: "replace a resource and what takes its name from it",
  program: ({ step, namespace }) => {
    const first = new k8s.core.v1.ConfigMap("first", {
      metadata: { namespace },
      immutable: true,
      data: { step: String(step > 1) },
    });
    const second = new k8s.core.v1.ConfigMap("second", {
      metadata: { namespace, annotations: { first: first.metadata.name } },
      data: { first: first.metadata.name },
    });
    new k8s.core.v1.ConfigMap(
      "third",
      { metadata: { namespace }, data: { a: "b" } },
      { dependsOn: [second] },
    );
  },
  steps: [{ run: "up" }, { run: "preview" }, { run: "up" }, { run: "up" }],
};
export default replaceWithDependents;
