import * as k8s from "@pulumi/kubernetes";
import type { Case } from "../case.ts";

const importKeptCase: Case = {
  title: "ignore an import option of a resource that is in the state",
  program: ({ step, namespace }) => {
    new k8s.core.v1.ConfigMap(
      "map",
      { metadata: { namespace, name: "map" }, data: { a: String(step) } },
      step === 1 ? {} : { import: `${namespace}/map` },
    );
  },
  steps: [{ run: "up" }, { run: "preview" }, { run: "up" }],
};
export default importKeptCase;
