import * as k8s from "@pulumi/kubernetes";
import path from "node:path";
import type { Case } from "../case.ts";
import { refusedProgram } from "../refused-program.ts";

const helmV3Case: Case = {
  title: "make the objects of a chart in the program",
  program: ({ namespace }) => {
    new k8s.helm.v3.Chart("chart", { path: path.join(import.meta.dirname, "../chart"), namespace });
  },
  steps: [{ run: "up", fails: "engine", engineSays: "kubernetes:helm:template: the offline engine" }],
  expectedDifferences: refusedProgram({
    resources: ["kubernetes:core/v1:ConfigMap NAMESPACE/from-chart"],
    documented: "functions of its own providers except `kubernetes:yaml:decode`",
  }),
};
export default helmV3Case;
