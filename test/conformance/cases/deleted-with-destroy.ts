import * as k8s from "@pulumi/kubernetes";
import type { Case } from "../case.ts";

const deletedWithDestroyCase: Case = {
  title: "destroy what goes with its namespace",
  program: ({ namespace }) => {
    const space = new k8s.core.v1.Namespace("space", { metadata: { name: `${namespace}-inner` } });
    const inside = new k8s.core.v1.ConfigMap(
      "inside",
      { metadata: { namespace: space.metadata.name } },
      { deletedWith: space },
    );
    new k8s.core.v1.ConfigMap("after", { metadata: { namespace, labels: { of: inside.metadata.name } } });
  },
  steps: [{ run: "up" }],
};
export default deletedWithDestroyCase;
