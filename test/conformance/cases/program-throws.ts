import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Case } from "../case.ts";

const programThrows: Case = {
  title: "keep what the program declared before it threw, and delete nothing",
  program: ({ step, namespace }) => {
    new k8s.core.v1.ConfigMap("before", { metadata: { namespace }, data: { a: "1" } });
    if (step === 1) {
      new k8s.core.v1.ConfigMap("gone-later", { metadata: { namespace } });
      return { output: "first" };
    }
    if (step === 2) throw new pulumi.RunError("this step throws");
    return { output: "third" };
  },
  steps: [{ run: "up" }, { run: "up", fails: true }, { run: "up" }],
};
export default programThrows;
