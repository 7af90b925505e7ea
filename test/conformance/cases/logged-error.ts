import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Case } from "../case.ts";

const loggedErrorCase: Case = {
  title: "end well though the program logged warnings, and fail for what apply threw",
  program: ({ step, namespace }) => {
    const map = new k8s.core.v1.ConfigMap("map", { metadata: { namespace }, data: { a: "1" } });
    void pulumi.log.warn("only a warning", map);
    if (step === 2) void pulumi.log.error("an error in words");
    if (step === 3)
      map.metadata.name.apply(() => {
        throw new pulumi.RunError("thrown in apply");
      });
  },
  steps: [{ run: "up" }, { run: "up" }, { run: "up", fails: true }],
};
export default loggedErrorCase;
