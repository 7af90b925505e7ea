import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Case } from "../case.ts";

const stackReferenceCase: Case = {
  title: "read the outputs of a stack, the secret ones as secrets",
  program: ({ step, namespace }) => {
    if (step > 1) {
      const other = new pulumi.StackReference("organization/conformance/test");
      new k8s.core.v1.ConfigMap("copy", {
        metadata: { namespace },
        data: { open: other.requireOutput("open"), hidden: other.requireOutput("hidden") },
      });
    }
    return { open: "in the open", hidden: pulumi.secret("kept secret"), list: [1, { a: null }] };
  },
  steps: [{ run: "up" }, { run: "preview" }, { run: "up" }, { run: "up" }],
};
export default stackReferenceCase;
