import * as k8s from "@pulumi/kubernetes";
import path from "node:path";
import type { Case } from "../case.ts";
import { refusedProgram } from "../refused-program.ts";

const helmV4Case: Case = {
  title: "make the objects of a chart",
  program: ({ namespace }) => {
    new k8s.helm.v4.Chart("chart", { chart: path.join(import.meta.dirname, "../chart"), namespace });
  },
  steps: [{ run: "up", fails: "engine", engineSays: "cannot create a component that a provider implements" }],
  expectedDifferences: refusedProgram({
    resources: [
      "kubernetes:helm.sh/v4:Chart chart",
      "kubernetes:core/v1:ConfigMap chart:NAMESPACE/from-chart",
    ],
    documented: "components that a provider implements (`kubernetes.yaml.v2`, `helm.v4`",
  }),
};
export default helmV4Case;
