import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Case } from "../case.ts";

const dependsOnComponentCase: Case = {
  title: "wait for all children of a component",
  program: ({ step, namespace }) => {
    const home = new pulumi.ComponentResource("test:index:Home", "home");
    const inner = new pulumi.ComponentResource("test:index:Home", "inner", {}, { parent: home });
    new k8s.core.v1.ConfigMap("child", { metadata: { namespace } }, { parent: home });
    const deep = new k8s.core.v1.ConfigMap("deep", { metadata: { namespace } }, { parent: inner });
    new k8s.core.v1.ConfigMap("beside", { metadata: { namespace } }, { parent: deep });
    new k8s.core.v1.ConfigMap("user", { metadata: { namespace } }, { dependsOn: [home] });
    if (step === 2)
      new k8s.core.v1.ConfigMap("late", { metadata: { namespace } }, { dependsOn: [inner], parent: home });
  },
  steps: [{ run: "up" }, { run: "up" }, { run: "up" }],
};
export default dependsOnComponentCase;
