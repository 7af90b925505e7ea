import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Case } from "../case.ts";

const secrets: Case = {
  title: "keep secrets secret in inputs, outputs, components and the stack's outputs",
  program: ({ step, namespace }) => {
    const hidden = pulumi.secret(`hidden-${step > 2 ? "b" : "a"}`);
    const secret = new k8s.core.v1.Secret("secret", {
      metadata: { namespace },
      stringData: { key: hidden, open: "x" },
    });
    const map = new k8s.core.v1.ConfigMap("map", { metadata: { namespace }, data: { hidden, open: "y" } });
    const extra = new k8s.core.v1.ConfigMap(
      "extra",
      { metadata: { namespace }, data: { a: "1" } },
      { additionalSecretOutputs: ["data"] },
    );
    return {
      hidden,
      nested: { list: [hidden, "open"] },
      name: secret.metadata.name,
      map: map.data,
      extra: extra.data,
    };
  },
  steps: [{ run: "up" }, { run: "up" }, { run: "preview" }, { run: "up" }],
};
export default secrets;
