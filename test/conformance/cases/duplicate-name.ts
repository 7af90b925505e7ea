import * as k8s from "@pulumi/kubernetes";
import type { Case } from "../case.ts";

const duplicateName: Case = {
  title: "refuse two resources of one name",
  program: ({ namespace }) => {
    new k8s.core.v1.ConfigMap("twice", { metadata: { namespace } });
    new k8s.core.v1.ConfigMap("twice", { metadata: { namespace } });
  },
  steps: [
    { run: "preview", fails: true },
    { run: "up", fails: true },
  ],
};
export default duplicateName;
