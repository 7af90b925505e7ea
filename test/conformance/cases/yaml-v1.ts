import * as k8s from "@pulumi/kubernetes";
import type { Case } from "../case.ts";
import { refusedProgram } from "../refused-program.ts";

const yamlV1Case: Case = {
  title: "make a group of objects from YAML in the program",
  program: ({ namespace }) => {
    new k8s.yaml.ConfigGroup("group", {
      yaml: `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: from-yaml, namespace: ${namespace} }\n`,
    });
  },
  steps: [{ run: "up", fails: "engine", engineSays: "provider of kubernetes has no functions" }],
  expectedDifferences: refusedProgram({
    resources: ["kubernetes:core/v1:ConfigMap NAMESPACE/from-yaml"],
    documented: "functions of its own providers",
  }),
};
export default yamlV1Case;
