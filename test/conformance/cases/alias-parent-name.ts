import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Case } from "../case.ts";

const aliasParentNameCase: Case = {
  title: "take over the children of a renamed component whose names begin with its name",
  program: ({ step, namespace }) => {
    const name = step === 1 ? "old" : "new";
    const aliases = step === 1 ? [] : [{ name: "old" }];
    const home = new pulumi.ComponentResource("test:index:Home", name, {}, { aliases });
    const inner = new pulumi.ComponentResource("test:index:Inner", `${name}-inner`, {}, { parent: home });
    new k8s.core.v1.ConfigMap(`${name}-map`, { metadata: { namespace }, data: { a: "1" } }, { parent: home });
    new k8s.core.v1.ConfigMap(`${name}-inner-map`, { metadata: { namespace } }, { parent: inner });
  },
  steps: [{ run: "up" }, { run: "preview" }, { run: "up" }, { run: "up" }],
};
export default aliasParentNameCase;
