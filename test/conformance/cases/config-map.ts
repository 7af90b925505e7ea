import * as k8s from "@pulumi/kubernetes";
import type { Case } from "../case.ts";

const configMap: Case = {
  title: "create, keep, update, replace and delete a ConfigMap",
  program: ({ step, namespace }) => {
    const map = new k8s.core.v1.ConfigMap("map", {
      metadata: { namespace, labels: { step: String(step < 3 ? 1 : step) } },
      data: { key: step < 4 ? "a" : "b" },
    });
    return { name: map.metadata.name };
  },
  steps: [{ run: "preview" }, { run: "up" }, { run: "up" }, { run: "up" }, { run: "preview" }, { run: "up" }],
};
export default configMap;
