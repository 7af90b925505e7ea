import * as k8s from "@pulumi/kubernetes";
import type { Case } from "../case.ts";

const protectMiddleCase: Case = {
  title: "refuse to delete a protected resource that others stand before and behind",
  program: ({ step, namespace }) => {
    if (step === 2) return;
    const protect = step === 1;
    const first = new k8s.core.v1.ConfigMap("first", { metadata: { namespace } });
    const held = new k8s.core.v1.ConfigMap(
      "held",
      { metadata: { namespace } },
      { protect, dependsOn: [first] },
    );
    new k8s.core.v1.ConfigMap("last", { metadata: { namespace } }, { dependsOn: [held] });
  },
  steps: [{ run: "up" }, { run: "up", fails: true }, { run: "up" }],
  expectedDifferences: [
    {
      matches: /^step [23]: .*(ConfigMap last|order|failed)/,
      documented: "a protected resource that would be deleted",
    },
  ],
};
export default protectMiddleCase;
