import * as k8s from "@pulumi/kubernetes";
import type { Case } from "../case.ts";

const parentIsAResourceCase: Case = {
  title: "keep children of a resource that is replaced",
  program: ({ step, namespace }) => {
    const parent = new k8s.core.v1.ConfigMap("parent", {
      metadata: { namespace },
      immutable: true,
      data: { a: step > 1 ? "2" : "1" },
    });
    new k8s.core.v1.ConfigMap("child", { metadata: { namespace }, data: { a: "1" } }, { parent });
  },
  steps: [{ run: "up" }, { run: "preview" }, { run: "up" }],
};
export default parentIsAResourceCase;
