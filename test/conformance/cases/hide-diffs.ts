import * as k8s from "@pulumi/kubernetes";
import type { Case } from "../case.ts";

const hideDiffsCase: Case = {
  title: "apply a change whose diff is hidden",
  program: ({ step, namespace }) => {
    new k8s.core.v1.ConfigMap(
      "map",
      { metadata: { namespace, labels: { step: String(step), other: String(step) } } },
      { hideDiffs: ["metadata.labels.step"] },
    );
  },
  steps: [{ run: "up" }, { run: "preview" }, { run: "up" }],
  expectedDifferences: [
    {
      matches: /^step [23]: diffs > update .* > metadata\.labels\.step: engine nothing, CLI "update"$/,
      documented: "leaves out of its JSON the changes that `hideDiffs` names",
    },
  ],
};
export default hideDiffsCase;
