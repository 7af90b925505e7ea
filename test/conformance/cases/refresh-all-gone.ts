import * as k8s from "@pulumi/kubernetes";
import type { Case } from "../case.ts";

const refreshAllGoneCase: Case = {
  title: "forget a stack whose objects are all gone",
  program: ({ namespace }) => {
    const map = new k8s.core.v1.ConfigMap("map", { metadata: { namespace, name: "one" } });
    new k8s.core.v1.ConfigMap("user", { metadata: { namespace, name: "two" } }, { dependsOn: [map] });
  },
  steps: [
    { run: "up" },
    { run: "refresh", kubectl: [["delete", "configmap", "one", "two"]] },
    { run: "refresh" },
  ],
};
export default refreshAllGoneCase;
