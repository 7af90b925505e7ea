import * as k8s from "@pulumi/kubernetes";
import type { Case } from "../case.ts";

const aliasWithChangeCase: Case = {
  title: "rename and replace a resource in one update",
  program: ({ step, namespace }) => {
    if (step === 1)
      new k8s.core.v1.ConfigMap("old", { metadata: { namespace }, immutable: true, data: { a: "1" } });
    else
      new k8s.core.v1.ConfigMap(
        "new",
        { metadata: { namespace }, immutable: true, data: { a: "2" } },
        { aliases: [{ name: "old" }] },
      );
  },
  steps: [{ run: "up" }, { run: "preview" }, { run: "up" }, { run: "up" }],
};
export default aliasWithChangeCase;
