import * as k8s from "@pulumi/kubernetes";
import type { Case } from "../case.ts";

const customTimeoutsCase: Case = {
  title: "keep custom timeouts of every form",
  program: ({ step, namespace }) => {
    new k8s.core.v1.ConfigMap(
      "map",
      { metadata: { namespace }, data: { a: "1" } },
      { customTimeouts: { create: step > 1 ? "1m30s" : "5m", update: "90s", delete: "1h" } },
    );
  },
  steps: [{ run: "up" }, { run: "up" }],
};
export default customTimeoutsCase;
