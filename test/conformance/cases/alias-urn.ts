import * as k8s from "@pulumi/kubernetes";
import type { Case } from "../case.ts";

const aliasUrnCase: Case = {
  title: "take over a resource by its whole former urn",
  program: ({ step, namespace }) => {
    const args = { metadata: { namespace }, data: { a: "1" } };
    if (step === 1) new k8s.core.v1.ConfigMap("before", args);
    else
      new k8s.core.v1.ConfigMap("after", args, {
        aliases: ["urn:pulumi:test::conformance::kubernetes:core/v1:ConfigMap::before"],
      });
  },
  steps: [{ run: "up" }, { run: "preview" }, { run: "up" }],
};
export default aliasUrnCase;
