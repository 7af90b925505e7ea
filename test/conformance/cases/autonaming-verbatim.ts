import * as k8s from "@pulumi/kubernetes";
import type { Case } from "../case.ts";

const AUTONAMING = { "pulumi:autonaming": "{ mode: verbatim }" };

const autonamingVerbatimCase: Case = {
  title:
    "name objects exactly as their resources, and delete one before its replacement, whatever its options say",
  program: ({ step, namespace }) => {
    new k8s.core.v1.ConfigMap("map", { metadata: { namespace }, data: { step: String(step > 1) } });
    new k8s.core.v1.Secret("secret", { metadata: { namespace } });
    const data = { step: String(step > 1) };
    const replaced = new k8s.core.v1.ConfigMap("replaced", {
      metadata: { namespace },
      immutable: true,
      data,
    });
    new k8s.core.v1.ConfigMap("user", { metadata: { namespace }, data: { name: replaced.metadata.name } });
    new k8s.core.v1.ConfigMap(
      "against",
      { metadata: { namespace }, immutable: true, data },
      { deleteBeforeReplace: false },
    );
    new k8s.core.v1.ConfigMap("renamed", { metadata: { namespace, name: `renamed-${data.step}` } });
  },
  steps: [
    { run: "up", config: AUTONAMING },
    { run: "preview", config: AUTONAMING },
    { run: "up", config: AUTONAMING },
  ],
};
export default autonamingVerbatimCase;
