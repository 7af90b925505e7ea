import * as k8s from "@pulumi/kubernetes";
import type { Case } from "../case.ts";

const secretStringDataCase: Case = {
  title: "keep the stringData of a Secret as data, and notice a change",
  program: ({ step, namespace }) => {
    new k8s.core.v1.Secret("secret", {
      metadata: { namespace, name: "fixed" },
      stringData: { user: "me", password: step > 3 ? "second" : "first" },
    });
  },
  steps: [{ run: "up" }, { run: "up" }, { run: "refresh" }, { run: "preview" }, { run: "up" }],
};
export default secretStringDataCase;
