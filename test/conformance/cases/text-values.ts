import * as k8s from "@pulumi/kubernetes";
import type { Case } from "../case.ts";

const textValuesCase: Case = {
  title: "keep texts of every kind in an object",
  program: ({ step, namespace }) => {
    new k8s.core.v1.ConfigMap("map", {
      metadata: { namespace, annotations: { "example.com/long": "x".repeat(3000) } },
      data: {
        lines: "a\nb\r\n\tc\n",
        unicode: "äöü \u{1F600} \u2028",
        number: "007",
        json: JSON.stringify({ b: 1, a: "<&>" }),
        empty: "",
        "with.dot": "1",
        changes: step > 1 ? "line 1\nline 3\n" : "line 1\nline 2\n",
      },
      binaryData: { bytes: Buffer.from([0, 1, 254, 255]).toString("base64") },
    });
  },
  steps: [{ run: "up" }, { run: "preview" }, { run: "up" }],
};
export default textValuesCase;
