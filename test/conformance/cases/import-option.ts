import * as k8s from "@pulumi/kubernetes";
import type { Case } from "../case.ts";

const importOptionCase: Case = {
  title: "import an object that is not in the state",
  program: ({ namespace }) => {
    new k8s.core.v1.ConfigMap(
      "theirs",
      { metadata: { namespace, name: "theirs" }, data: { a: "1" } },
      { import: `${namespace}/theirs` },
    );
  },
  steps: [{ run: "up", fails: "engine", kubectl: [["create", "configmap", "theirs", "--from-literal=a=1"]] }],
  expectedDifferences: [
    { matches: /^(step [12]|left)\b/, documented: "imports of resources that are not in the state" },
  ],
};
export default importOptionCase;
