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
      engineSays: "resource already exists",
      kubectl: [["create", "configmap", "theirs", "--from-literal=a=1"]],
    },
    { run: "up", fails: true },
    { run: "up", kubectl: [["delete", "configmap", "theirs"]] },
  ],
  expectedDifferences: [
    "ok: engine false, CLI true",
    'failed: engine \\["kubernetes:core/v1:ConfigMap map"\\], CLI \\[\\]',
    "steps > create kubernetes:core/v1:ConfigMap map: engine nothing, CLI 1",
  ].map((text) => ({
    matches: new RegExp(`^step 1: ${text}$`),
    documented: "| an object that already exists | found by the preview | found by `up` |",
  })),
};
export default objectExistsCase;
