import * as k8s from "@pulumi/kubernetes";
import type { Case } from "../case.ts";

const refreshLabelsCase: Case = {
  title: "take labels, ignored fields and values that somebody edited into the state",
  program: ({ namespace }) => {
    new k8s.core.v1.ConfigMap("declared", {
      metadata: { namespace, name: "declared", labels: { a: "1" } },
      data: { a: "1" },
    });
    new k8s.core.v1.ConfigMap(
      "ignored",
      { metadata: { namespace, name: "ignored" }, data: { a: "1" } },
      { ignoreChanges: ["data.a"] },
    );
    new k8s.core.v1.Secret("secret", { metadata: { namespace, name: "secret" }, stringData: { a: "1" } });
  },
  steps: [
    { run: "up" },
    {
      run: "refresh",
      kubectl: [
        ["label", "configmap", "declared", "extra=1"],
        ["annotate", "configmap", "declared", "note=1"],
        ["patch", "configmap", "ignored", "-p", '{"data":{"a":"2"}}'],
        ["patch", "secret", "secret", "-p", '{"data":{"b":"Mg=="}}'],
      ],
    },
    { run: "preview" },
    { run: "up" },
  ],
};
export default refreshLabelsCase;
