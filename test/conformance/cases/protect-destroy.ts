import * as k8s from "@pulumi/kubernetes";
import type { Case } from "../case.ts";

const protectDestroyCase: Case = {
  title: "refuse to destroy a stack with a protected resource",
  program: ({ step, namespace }) => {
    new k8s.core.v1.ConfigMap("held", { metadata: { namespace } }, { protect: step === 1 });
    new k8s.core.v1.ConfigMap("free", { metadata: { namespace } });
  },
  steps: [{ run: "up" }, { run: "destroy", fails: true }, { run: "up" }],
  expectedDifferences: [
    {
      matches: /^step [23]: .*(ConfigMap free|order|failed)/,
      documented: "a protected resource that would be deleted",
    },
  ],
};
export default protectDestroyCase;
