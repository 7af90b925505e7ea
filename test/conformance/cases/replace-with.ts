import * as k8s from "@pulumi/kubernetes";
import type { Case } from "../case.ts";

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
  steps: [{ run: "up", fails: "engine" }],
  expectedDifferences: [{ matches: /^step [12]: /, documented: "`replaceWith`" }],
};
export default replaceWithCase;
