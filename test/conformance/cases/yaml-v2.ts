import * as k8s from "@pulumi/kubernetes";
import type { Case } from "../case.ts";
import { refusedProgram } from "../refused-program.ts";

const yamlV2Case: Case = {
  title: "make a group of objects from YAML",
  program: ({ namespace }) => {
    new k8s.yaml.v2.ConfigGroup("group", {
      yaml: `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: from-yaml, namespace: ${namespace} }\n`,
    });
  },
  steps: [{ run: "up", fails: "engine", engineSays: "cannot create a component that a provider implements" }],
  expectedDifferences: refusedProgram({
    resources: [
      "kubernetes:yaml/v2:ConfigGroup group",
      "kubernetes:core/v1:ConfigMap group:NAMESPACE/from-yaml",
    ],
    documented: "components that a provider implements (`kubernetes.yaml.v2`",
  }),
};
export default yamlV2Case;
