import * as k8s from "@pulumi/kubernetes";
import type { Case } from "../case.ts";

const AUTONAMING = { "pulumi:autonaming": "{ mode: disabled }" };

const autonamingDisabledCase: Case = {
  title: "refuse an object without a name, and delete a renamed one before its replacement",
  program: ({ step, namespace }) => {
    if (step > 2)
      new k8s.core.v1.ConfigMap("renamed", { metadata: { namespace, name: step > 3 ? "b" : "a" } });
    else new k8s.core.v1.ConfigMap("map", { metadata: { namespace }, data: { step: String(step > 1) } });
  },
  steps: [
    { run: "up", config: AUTONAMING, fails: true },
    { run: "up", config: AUTONAMING, fails: true },
    { run: "up", config: AUTONAMING },
    { run: "preview", config: AUTONAMING },
    { run: "up", config: AUTONAMING },
  ],
};
export default autonamingDisabledCase;
