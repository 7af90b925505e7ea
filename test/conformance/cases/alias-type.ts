import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Case } from "../case.ts";

const aliasTypeCase: Case = {
  title: "take over a component of another type by its alias, with its children",
  program: ({ step, namespace }) => {
    const type = step === 1 ? "test:index:Old" : "test:index:New";
    const aliases = step === 1 ? [] : [{ type: "test:index:Old" }];
    const home = new pulumi.ComponentResource(type, "home", {}, { aliases });
    new k8s.core.v1.ConfigMap("child", { metadata: { namespace }, data: { a: "1" } }, { parent: home });
  },
  steps: [{ run: "up" }, { run: "preview" }, { run: "up" }, { run: "up" }],
};
export default aliasTypeCase;
