import * as k8s from "@pulumi/kubernetes";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Case } from "../case.ts";
import { refusedProgram } from "../refused-program.ts";

const helmV4Case: Case = {
  title: "make the objects of a chart",
  program: ({ namespace }) => {
    const folder = mkdtempSync(path.join(tmpdir(), "chart-"));
    mkdirSync(path.join(folder, "templates"));
    writeFileSync(path.join(folder, "Chart.yaml"), "apiVersion: v2\nname: small\nversion: 0.1.0\n");
    writeFileSync(
      path.join(folder, "templates", "map.yaml"),
      "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: from-chart }\n",
    );
    new k8s.helm.v4.Chart("chart", { chart: folder, namespace });
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
