import * as k8s from "@pulumi/kubernetes";
import type { Case } from "../case.ts";

const ignoreChangesInListsCase: Case = {
  title: "leave ignored items of lists and keys of maps as they are",
  program: ({ step, namespace }) => {
    const value = String(step);
    new k8s.rbac.v1.Role(
      "role",
      {
        metadata: { namespace, labels: { a: value, b: value } },
        rules: [
          { apiGroups: [""], resources: ["secrets"], verbs: [step > 1 ? "list" : "get"] },
          { apiGroups: [""], resources: ["pods"], verbs: [step > 1 ? "list" : "get"] },
        ],
      },
      { ignoreChanges: ["rules[0].verbs", 'metadata.labels["a"]'] },
    );
    new k8s.core.v1.ConfigMap(
      "new",
      { metadata: { namespace, labels: { all: value } }, data: { a: value } },
      { ignoreChanges: ["*"] },
    );
  },
  steps: [{ run: "up" }, { run: "preview" }, { run: "up" }],
};
export default ignoreChangesInListsCase;
