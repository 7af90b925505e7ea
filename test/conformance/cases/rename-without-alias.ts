import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Case } from "../case.ts";

const renameWithoutAliasCase: Case = {
  title: "make a renamed or moved resource anew and delete the former",
  program: ({ step, namespace }) => {
    const home = new pulumi.ComponentResource("test:index:Home", "home");
    const args = { metadata: { namespace }, data: { a: "1" } };
    new k8s.core.v1.ConfigMap(step === 1 ? "old" : "new", args);
    new k8s.core.v1.ConfigMap("moved", args, step === 1 ? {} : { parent: home });
    if (step === 1) new k8s.core.v1.ConfigMap("kind", args);
    else new k8s.core.v1.Secret("kind", { metadata: { namespace } });
  },
  steps: [{ run: "up" }, { run: "preview" }, { run: "up" }],
};
export default renameWithoutAliasCase;
