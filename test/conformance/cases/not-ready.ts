import * as k8s from "@pulumi/kubernetes";
import type { Case } from "../case.ts";

const notReadyCase: Case = {
  title: "fail for a Deployment that does not become ready, and go on when it is mended",
  program: ({ step, namespace }) => {
    const image = "example.invalid/none:1";
    const deployment = new k8s.apps.v1.Deployment(
      "deployment",
      {
        metadata: { namespace, name: "deployment" },
        spec: {
          replicas: step === 1 ? 1 : 0,
          selector: { matchLabels: { app: "x" } },
          template: { metadata: { labels: { app: "x" } }, spec: { containers: [{ name: "main", image }] } },
        },
      },
      { customTimeouts: { create: "15s", update: "15s" } },
    );
    new k8s.core.v1.ConfigMap("after", { metadata: { namespace, labels: { of: deployment.metadata.name } } });
  },
  steps: [{ run: "up", fails: true }, { run: "preview" }, { run: "up" }],
};
export default notReadyCase;
