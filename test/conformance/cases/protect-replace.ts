import * as k8s from "@pulumi/kubernetes";
import type { Case } from "../case.ts";

const protectReplaceCase: Case = {
  title: "refuse to replace a protected resource",
  program: ({ step, namespace }) => {
    new k8s.core.v1.ConfigMap(
      "held",
      { metadata: { namespace }, immutable: true, data: { a: step === 1 ? "1" : "2" } },
      { protect: step < 4 },
    );
  },
  steps: [{ run: "up" }, { run: "preview", fails: true }, { run: "up", fails: true }, { run: "up" }],
  expectedDifferences: [
    {
      matches: /^step 2: (steps|diffs) > (create-replacement|replace|delete-replaced) /,
      documented: "a protected resource that would be replaced",
    },
  ],
};
export default protectReplaceCase;
