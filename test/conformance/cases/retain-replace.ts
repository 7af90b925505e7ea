import * as k8s from "@pulumi/kubernetes";
import type { Case } from "../case.ts";

const retainReplaceCase: Case = {
  title: "leave the former object in the cluster when a retained resource is replaced",
  program: ({ step, namespace }) => {
    new k8s.core.v1.ConfigMap(
      "kept",
      { metadata: { namespace, name: step === 1 ? "one" : "two" }, data: { a: "1" } },
      { retainOnDelete: true },
    );
  },
  steps: [{ run: "up" }, { run: "preview" }, { run: "up" }],
};
export default retainReplaceCase;
