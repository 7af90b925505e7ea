import * as k8s from "@pulumi/kubernetes";
import type { Case } from "../case.ts";

const AUTONAMING = { "pulumi:autonaming": "{ mode: disabled }" };

const autonamingDisabledCase: Case = {
  title: "refuse an object without a name",
  program: ({ step, namespace }) => {
    new k8s.core.v1.ConfigMap("map", { metadata: { namespace }, data: { step: String(step > 1) } });
  },
  steps: [
    { run: "up", config: AUTONAMING, fails: true },
    { run: "up", config: AUTONAMING, fails: true },
  ],
};
export default autonamingDisabledCase;
