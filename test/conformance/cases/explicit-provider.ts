import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Case } from "../case.ts";

const explicitProvider: Case = {
  title: "use a provider of the program, and give it to children",
  program: ({ step, namespace }) => {
    const provider = new k8s.Provider("mine", { namespace, enableServerSideApply: true });
    const home = new pulumi.ComponentResource("test:index:Home", "home", {}, { providers: [provider] });
    new k8s.core.v1.ConfigMap("child", { data: { step: step > 1 ? "b" : "a" } }, { parent: home });
    new k8s.core.v1.ConfigMap("own", { data: { a: "1" } }, { provider });
  },
  steps: [{ run: "preview" }, { run: "up" }, { run: "preview" }, { run: "up" }],
};
export default explicitProvider;
