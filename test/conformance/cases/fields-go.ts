import * as k8s from "@pulumi/kubernetes";
import type { Case } from "../case.ts";

const fieldsGo: Case = {
  title: "take away labels, keys of a map and items of a list",
  program: ({ step, namespace }) => {
    const first = step === 1;
    new k8s.core.v1.ConfigMap("map", {
      metadata: { namespace, labels: first ? { a: "1", b: "2" } : { a: "1" } },
      data: first ? { a: "1", b: "2" } : { a: "1" },
    });
    new k8s.rbac.v1.Role("role", {
      metadata: { namespace },
      rules: [
        { apiGroups: [""], resources: ["secrets"], verbs: ["get"] },
        ...(first ? [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }] : []),
      ],
    });
  },
  steps: [{ run: "up" }, { run: "preview" }, { run: "up" }, { run: "up" }],
};
export default fieldsGo;
