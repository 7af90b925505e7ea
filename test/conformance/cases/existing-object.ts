import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Case } from "../case.ts";

const existingObject: Case = {
  title: "read an object that somebody else made, and fail where there is none",
  program: ({ step, namespace }) => {
    const read = k8s.core.v1.ConfigMap.get("read", pulumi.interpolate`${namespace}/theirs`);
    const copy = new k8s.core.v1.ConfigMap("copy", { metadata: { namespace }, data: read.data });
    if (step === 3) k8s.core.v1.ConfigMap.get("absent", `${namespace}/absent`, { dependsOn: [copy] });
    return { data: read.data };
  },
  steps: [
    { run: "up", kubectl: [["create", "configmap", "theirs", "--from-literal=a=1"]] },
    { run: "up" },
    { run: "up", fails: true },
  ],
};
export default existingObject;
