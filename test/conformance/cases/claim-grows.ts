import * as k8s from "@pulumi/kubernetes";
import type { Case } from "../case.ts";

const claimGrowsCase: Case = {
  title: "enlarge a claim in place, or say that it cannot be",
  program: ({ step, namespace }) => {
    new k8s.core.v1.PersistentVolumeClaim("claim", {
      metadata: { namespace, name: "claim", annotations: { "pulumi.com/skipAwait": "true" } },
      spec: {
        accessModes: ["ReadWriteOnce"],
        storageClassName: "none",
        resources: { requests: { storage: step === 1 ? "1Mi" : "2Mi" } },
      },
    });
  },
  steps: [{ run: "up" }, { run: "preview", fails: "engine" }, { run: "up", fails: true }],
  expectedDifferences: [
    { matches: /^step 2: /, documented: "found by the preview" },
    {
      matches: /^step 3: state > .* > (initErrors|inputs|outputs > __inputs)/,
      documented: "keeps what the server refused as if it had not become ready",
    },
  ],
};
export default claimGrowsCase;
