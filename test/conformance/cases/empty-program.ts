import * as k8s from "@pulumi/kubernetes";
import type { Case } from "../case.ts";

const emptyProgramCase: Case = {
  title: "make and empty a stack",
  program: ({ step, namespace }) => {
    if (step === 2) new k8s.core.v1.ConfigMap("map", { metadata: { namespace } });
  },
  steps: [{ run: "preview" }, { run: "up" }, { run: "up" }, { run: "refresh" }],
};
export default emptyProgramCase;
