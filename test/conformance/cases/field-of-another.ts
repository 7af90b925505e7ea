import * as k8s from "@pulumi/kubernetes";
import type { Case } from "../case.ts";

const fieldOfAnotherCase: Case = {
  title: "refuse to overwrite a field of another manager",
  program: ({ step, namespace }) => {
    new k8s.core.v1.ConfigMap("map", {
      metadata: { namespace, name: "map", labels: { a: step === 1 ? "1" : "2" } },
    });
  },
  steps: [
    { run: "up" },
    {
      run: "preview",
      fails: true,
      engineSays: "others changed what this resource declares: metadata.labels.a (by someone)",
      kubectl: [
        ["patch", "configmap", "map", "--field-manager=someone", "-p", '{"metadata":{"labels":{"a":"9"}}}'],
      ],
    },
    { run: "up", fails: true },
  ],
  expectedDifferences: [
    {
      matches: /^step 3: state > .*ConfigMap map > initErrors: engine nothing, CLI true$/,
      documented: "keeps what the server refused as if it had not become ready",
    },
    {
      matches:
        /^step 3: state > .*ConfigMap map > outputs > (__inputs > )?metadata > labels > a: engine "1", CLI "(2|9)"$/,
      documented: "keeps what the server refused as if it had not become ready",
    },
  ],
};
export default fieldOfAnotherCase;
