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
      run: "up",
      fails: true,
      kubectl: [
        ["patch", "configmap", "map", "--field-manager=someone", "-p", '{"metadata":{"labels":{"a":"9"}}}'],
      ],
    },
  ],
};
export default fieldOfAnotherCase;
