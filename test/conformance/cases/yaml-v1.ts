import * as k8s from "@pulumi/kubernetes";
import type { Case } from "../case.ts";

const yamlV1Case: Case = {
  title: "make a group of objects from YAML in the program",
  program: ({ step, namespace }) => {
    new k8s.yaml.ConfigGroup("group", {
      yaml: `
apiVersion: v1
kind: ConfigMap
metadata: { name: from-yaml, namespace: ${namespace} }
data: { step: "${step}", date: 2024-01-02, time: 12:30 }
---
# A document without an object.
---
apiVersion: v1
kind: List
items:
  - apiVersion: v1
    kind: Secret
    metadata: { name: listed, namespace: ${namespace} }
    stringData: { a: b }
`,
    });
  },
  steps: [{ run: "up" }, { run: "preview" }, { run: "up" }],
  expectedDifferences: [
    {
      matches:
        /^step [23]: diffs > update kubernetes:yaml:ConfigGroup group: engine \{"yaml":"update"\}, CLI nothing$/,
      documented: "names the keys of a component's inputs and of a provider's config that change",
    },
  ],
};
export default yamlV1Case;
