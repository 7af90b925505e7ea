import * as k8s from "@pulumi/kubernetes";
import type { Case } from "../case.ts";

const deletedWith: Case = {
  title: "delete nothing by itself that goes with another resource",
  program: ({ step }) => {
    if (step > 1) return;
    const space = new k8s.core.v1.Namespace("space");
    new k8s.core.v1.ConfigMap(
      "inside",
      { metadata: { namespace: space.metadata.name } },
      { deletedWith: space },
    );
  },
  steps: [{ run: "up" }, { run: "preview" }, { run: "up" }],
};
export default deletedWith;
