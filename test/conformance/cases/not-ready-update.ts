import * as k8s from "@pulumi/kubernetes";
import type { Case } from "../case.ts";

const notReadyUpdateCase: Case = {
  title: "fail for an update that does not become ready, and go on when it is mended",
  program: ({ step, namespace }) => {
    new k8s.apps.v1.Deployment(
      "deployment",
      {
        metadata: { namespace, name: "deployment" },
        spec: {
          replicas: step === 2 ? 1 : 0,
          selector: { matchLabels: { app: "x" } },
          template: {
            metadata: { labels: { app: "x" } },
            spec: { containers: [{ name: "main", image: "example.invalid/none:1" }] },
          },
        },
      },
      { customTimeouts: { create: "15s", update: "15s" } },
    );
  },
  steps: [{ run: "up" }, { run: "up", fails: true }, { run: "preview" }, { run: "up" }],
  expectedDifferences: [
    {
      matches: /^step [23]: state > .*Deployment deployment > inputs > spec > replicas: engine 1, CLI 0$/,
      documented: "keeps the new inputs of an update that did not become ready",
    },
  ],
};
export default notReadyUpdateCase;
