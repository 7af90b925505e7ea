import * as k8s from "@pulumi/kubernetes";
import type { Case } from "../case.ts";

const duplicateName: Case = {
  title: "refuse two resources of one name",
  program: ({ namespace }) => {
    const first = new k8s.core.v1.ConfigMap("twice", { metadata: { namespace } });
    new k8s.core.v1.ConfigMap("twice", { metadata: { namespace } }, { dependsOn: [first] });
  },
  steps: [
    { run: "preview", fails: true },
    { run: "up", fails: true },
  ],
  expectedDifferences: [
    {
      matches: /^step [12]: failed: engine \[\], CLI \["kubernetes:core\/v1:ConfigMap twice"\]$/,
      documented: "counts what cannot be registered as an error of the program",
    },
  ],
};
export default duplicateName;
