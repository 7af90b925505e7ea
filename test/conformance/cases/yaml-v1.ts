import * as k8s from "@pulumi/kubernetes";
import type { Case } from "../case.ts";

const yamlV1Case: Case = {
  title: "make a group of objects from YAML in the program",
  program: ({ namespace }) => {
    new k8s.yaml.ConfigGroup("group", {
      yaml: `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: from-yaml, namespace: ${namespace} }\n`,
    });
  },
  steps: [{ run: "up", fails: "engine" }],
  expectedDifferences: [{ matches: /^step [12]: /, documented: "functions of its own providers" }],
};
export default yamlV1Case;
