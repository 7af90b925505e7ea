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
  steps: [{ run: "up" }, { run: "preview", fails: true }, { run: "up", fails: true }],
  expectedDifferences: [
    {
      matches: /^step 3: state > .*claim > initErrors: engine nothing, CLI true$/,
      documented: "keeps what the server refused as if it had not become ready",
    },
    {
      matches: /^step 3: state > .*claim > outputs > __inputs > .* > storage: engine "1Mi", CLI "2Mi"$/,
      documented: "keeps what the server refused as if it had not become ready",
    },
  ],
};
export default claimGrowsCase;
