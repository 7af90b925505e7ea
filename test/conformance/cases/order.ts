import * as k8s from "@pulumi/kubernetes";
import type { Case } from "../case.ts";

const orderCase: Case = {
  title: "keep the order of dependencies, and reverse it in deletions",
  program: ({ step, namespace }) => {
    const map = (name: string, ...dependsOn: k8s.core.v1.ConfigMap[]): k8s.core.v1.ConfigMap =>
      new k8s.core.v1.ConfigMap(
        name,
        { metadata: { namespace, labels: { step: step > 1 ? "b" : "a" } } },
        { dependsOn },
      );
    if (step === 3) return;
    const top = map("top");
    const [left, right] = [map("left", top), map("right", top)];
    map("last", map("bottom", left, right), top);
    map("alone");
  },
  steps: [{ run: "up" }, { run: "up" }, { run: "up" }],
};
export default orderCase;
