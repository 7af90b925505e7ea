import * as k8s from "@pulumi/kubernetes";
import type { Case } from "../case.ts";

const autonaming: Case = {
  title: "name objects by the pattern of the stack's config",
  program: ({ namespace }) => {
    const map = new k8s.core.v1.ConfigMap("map", { metadata: { namespace } });
    return { name: map.metadata.name };
  },
  steps: [
    { run: "up", config: { "pulumi:autonaming": '{ pattern: "my-${name}-${hex(8)}" }' } },
    { run: "up" },
  ],
};
export default autonaming;
