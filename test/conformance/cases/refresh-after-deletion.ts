import * as k8s from "@pulumi/kubernetes";
import type { Case } from "../case.ts";

const refreshAfterDeletion: Case = {
  title: "notice what somebody deleted, and make it again",
  program: ({ namespace }) => {
    const map = new k8s.core.v1.ConfigMap("map", { metadata: { namespace, name: "gone" }, data: { a: "1" } });
    new k8s.core.v1.ConfigMap("user", {
      metadata: { namespace, name: "user" },
      data: { name: map.metadata.name },
    });
  },
  steps: [
    { run: "up" },
    { run: "refresh", kubectl: [["delete", "configmap", "gone"]] },
    { run: "preview" },
    { run: "up" },
  ],
};
export default refreshAfterDeletion;
