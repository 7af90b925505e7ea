import * as k8s from "@pulumi/kubernetes";
import type { Case } from "../case.ts";

const deleteFailsCase: Case = {
  title: "keep in the state what could not be deleted",
  program: ({ namespace }) => {
    new k8s.core.v1.ConfigMap(
      "held",
      { metadata: { namespace, name: "held", finalizers: ["example.com/held"] } },
      { customTimeouts: { delete: "10s" } },
    );
    new k8s.core.v1.ConfigMap("free", { metadata: { namespace, name: "free" } });
  },
  steps: [
    { run: "up" },
    { run: "destroy", fails: true },
    {
      run: "refresh",
      kubectl: [["patch", "configmap", "held", "--type=merge", "-p", '{"metadata":{"finalizers":null}}']],
    },
  ],
};
export default deleteFailsCase;
