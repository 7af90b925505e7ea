import * as k8s from "@pulumi/kubernetes";
import type { Case } from "../case.ts";

const AUTONAMING = { "pulumi:autonaming": "{ mode: verbatim }" };

const autonamingVerbatimCase: Case = {
  title: "name objects exactly as their resources",
  program: ({ step, namespace }) => {
    new k8s.core.v1.ConfigMap("map", { metadata: { namespace }, data: { step: String(step > 1) } });
    new k8s.core.v1.Secret("secret", { metadata: { namespace } });
  },
  steps: [
    { run: "up", config: AUTONAMING },
    { run: "up", config: AUTONAMING },
  ],
};
export default autonamingVerbatimCase;
