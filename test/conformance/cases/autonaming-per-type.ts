import * as k8s from "@pulumi/kubernetes";
import type { Case } from "../case.ts";

const AUTONAMING = {
  "pulumi:autonaming":
    '{ pattern: "a-${name}", providers: { kubernetes: { pattern: "k-${name}", resources: { "kubernetes:core/v1:Secret": { mode: verbatim } } } } }',
};

const autonamingPerTypeCase: Case = {
  title: "name objects by patterns of their provider and their type",
  program: ({ step, namespace }) => {
    new k8s.core.v1.ConfigMap("map", { metadata: { namespace }, data: { step: String(step > 1) } });
    new k8s.core.v1.Secret("secret", { metadata: { namespace } });
  },
  steps: [
    { run: "up", config: AUTONAMING },
    { run: "up", config: AUTONAMING },
  ],
};
export default autonamingPerTypeCase;
