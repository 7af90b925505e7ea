import * as k8s from "@pulumi/kubernetes";
import type { Case } from "../case.ts";

const protect: Case = {
  title: "refuse to delete a protected resource until the protection is taken off",
  program: ({ step, namespace }) => {
    if (step < 3) new k8s.core.v1.ConfigMap("held", { metadata: { namespace } }, { protect: step === 1 });
  },
  steps: [{ run: "up" }, { run: "up" }, { run: "up" }],
};
export default protect;
