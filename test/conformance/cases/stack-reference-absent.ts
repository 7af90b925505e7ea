import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Case } from "../case.ts";

const stackReferenceAbsentCase: Case = {
  title: "fail where there is no stack of that name",
  program: ({ namespace }) => {
    const other = new pulumi.StackReference("organization/conformance/absent");
    new k8s.core.v1.ConfigMap("copy", { metadata: { namespace }, data: { a: other.requireOutput("a") } });
  },
  steps: [
    { run: "preview", fails: true },
    { run: "up", fails: true },
  ],
};
export default stackReferenceAbsentCase;
