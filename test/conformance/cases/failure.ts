import * as k8s from "@pulumi/kubernetes";
import type { Case } from "../case.ts";

const failure: Case = {
  title: "keep what was made before a failure, and go on when it is mended",
  program: ({ step, namespace }) => {
    const first = new k8s.core.v1.ConfigMap("first", { metadata: { namespace }, data: { a: "1" } });
    const bad = new k8s.core.v1.ConfigMap(
      "bad",
      { metadata: { namespace, name: step === 1 ? "Not A Name" : "a-name" } },
      { dependsOn: [first] },
    );
    new k8s.core.v1.ConfigMap("after", { metadata: { namespace }, data: { name: bad.metadata.name } });
  },
  steps: [{ run: "up", fails: true }, { run: "up" }],
};
export default failure;
