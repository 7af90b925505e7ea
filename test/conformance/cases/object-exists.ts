import * as k8s from "@pulumi/kubernetes";
import type { Case } from "../case.ts";

const objectExistsCase: Case = {
  title: "refuse to make an object that exists",
  program: ({ namespace }) => {
    new k8s.core.v1.ConfigMap("map", { metadata: { namespace, name: "theirs" }, data: { a: "2" } });
    new k8s.core.v1.ConfigMap("other", { metadata: { namespace, name: "other" } });
  },
  steps: [
    {
      run: "preview",
      fails: "engine",
      kubectl: [["create", "configmap", "theirs", "--from-literal=a=1"]],
    },
    { run: "up", fails: true },
    { run: "up", kubectl: [["delete", "configmap", "theirs"]] },
  ],
};
export default objectExistsCase;
