import * as k8s from "@pulumi/kubernetes";
import type { Case } from "../case.ts";

const importKeptCase: Case = {
  title: "plan the replacement of a resource whose import option is still there, and refuse it",
  program: ({ step, namespace }) => {
    new k8s.core.v1.ConfigMap(
      "map",
      { metadata: { namespace, name: "map" }, data: { a: String(step) } },
      step === 1 ? {} : { import: `${namespace}/map` },
    );
  },
  steps: [{ run: "up" }, { run: "preview" }, { run: "up", fails: true }],
};
export default importKeptCase;
