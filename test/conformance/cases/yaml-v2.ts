import * as k8s from "@pulumi/kubernetes";
import type { Case } from "../case.ts";

const yamlV2Case: Case = {
  title: "make a group of objects from YAML",
  program: ({ namespace }) => {
    new k8s.yaml.v2.ConfigGroup("group", {
      yaml: `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: from-yaml, namespace: ${namespace} }\n`,
    });
  },
  steps: [{ run: "up", fails: "engine" }],
  expectedDifferences: [
    { matches: /^step [12]: /, documented: "components that a provider implements (`kubernetes.yaml.v2`" },
  ],
};
export default yamlV2Case;
