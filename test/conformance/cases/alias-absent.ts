import * as k8s from "@pulumi/kubernetes";
import type { Case } from "../case.ts";

const aliasAbsentCase: Case = {
  title: "create what has an alias that never was",
  program: ({ step, namespace }) => {
    new k8s.core.v1.ConfigMap(
      "map",
      { metadata: { namespace }, data: { step: String(step > 2) } },
      {
        aliases: [
          { name: "never", project: "elsewhere", stack: "other" },
          { type: "kubernetes:core/v1:Secret" },
        ],
      },
    );
  },
  steps: [{ run: "up" }, { run: "up" }, { run: "up" }],
};
export default aliasAbsentCase;
