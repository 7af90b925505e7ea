import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Case } from "../case.ts";

const alias: Case = {
  title: "rename a resource by its old name, and move it below a component by its old parent",
  program: ({ step, namespace }) => {
    const args = { metadata: { namespace }, data: { key: "value" } };
    if (step === 1) {
      new k8s.core.v1.ConfigMap("old", args);
      new k8s.core.v1.ConfigMap("moved", args);
      return;
    }
    const home = new pulumi.ComponentResource("test:index:Home", "home");
    new k8s.core.v1.ConfigMap("new", args, { aliases: [{ name: "old" }] });
    new k8s.core.v1.ConfigMap("moved", args, {
      parent: home,
      aliases: [{ parent: pulumi.rootStackResource }],
    });
  },
  steps: [{ run: "up" }, { run: "preview" }, { run: "up" }, { run: "up" }],
};
export default alias;
