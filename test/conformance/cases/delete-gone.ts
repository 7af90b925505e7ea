import * as k8s from "@pulumi/kubernetes";
import type { Case } from "../case.ts";

const deleteGoneCase: Case = {
  title: "delete what is gone already",
  program: ({ step, namespace }) => {
    if (step === 1) new k8s.core.v1.ConfigMap("map", { metadata: { namespace, name: "one" } });
    new k8s.core.v1.ConfigMap("other", { metadata: { namespace, name: "two" } });
  },
  steps: [{ run: "up" }, { run: "up", kubectl: [["delete", "configmap", "one"]] }, { run: "up" }],
};
export default deleteGoneCase;
