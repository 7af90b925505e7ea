import * as k8s from "@pulumi/kubernetes";
import type { Case } from "../case.ts";

const refreshAfterEdit: Case = {
  title: "take what somebody edited into the state, and put it back with the next update",
  program: ({ namespace }) => {
    new k8s.core.v1.ConfigMap("map", { metadata: { namespace, name: "edited" }, data: { a: "1" } });
    new k8s.core.v1.ConfigMap("same", { metadata: { namespace, name: "same" }, data: { a: "1" } });
  },
  steps: [
    { run: "up" },
    {
      run: "refresh",
      kubectl: [
        ["patch", "configmap", "edited", "--field-manager=pulumi-kubernetes-x", "-p", '{"data":{"b":"2"}}'],
      ],
    },
    { run: "preview" },
    { run: "up" },
  ],
};
export default refreshAfterEdit;
