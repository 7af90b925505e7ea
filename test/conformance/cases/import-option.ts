import * as k8s from "@pulumi/kubernetes";
import type { Case } from "../case.ts";
import { refusedProgram } from "../refused-program.ts";

const importOptionCase: Case = {
  title: "import an object that is not in the state",
  program: ({ namespace }) => {
    new k8s.core.v1.ConfigMap(
      "theirs",
      { metadata: { namespace, name: "theirs" }, data: { a: "1" } },
      { import: `${namespace}/theirs` },
    );
  },
  steps: [
    {
      run: "up",
      fails: "engine",
      engineSays: "the offline engine cannot import",
      kubectl: [["create", "configmap", "theirs", "--from-literal=a=1"]],
    },
  ],
  expectedDifferences: [
    ...refusedProgram({
      resources: ["kubernetes:core/v1:ConfigMap theirs"],
      op: "import",
      documented: "imports of resources that are not in the state",
    }),
    // Only the CLI has the object in its state, and so deletes it.
    {
      matches: /^left: engine \[.*"configmap\/theirs",.*\], CLI (?!.*theirs)/,
      documented: "imports of resources that are not in the state",
    },
  ],
};
export default importOptionCase;
