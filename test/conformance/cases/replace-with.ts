import * as k8s from "@pulumi/kubernetes";
import type { Case } from "../case.ts";
import { refusedProgram } from "../refused-program.ts";

const replaceWithCase: Case = {
  title: "replace a resource together with another",
  program: ({ step, namespace }) => {
    const first = new k8s.core.v1.ConfigMap("first", {
      metadata: { namespace },
      immutable: true,
      data: { a: step === 1 ? "1" : "2" },
    });
    new k8s.core.v1.ConfigMap("second", { metadata: { namespace } }, { replaceWith: [first] });
  },
  steps: [{ run: "up", fails: "engine", engineSays: "does not support the ReplaceWith option" }],
  expectedDifferences: refusedProgram({
    resources: ["kubernetes:core/v1:ConfigMap second"],
    documented: "`replaceWith`",
  }),
};
export default replaceWithCase;
