import * as k8s from "@pulumi/kubernetes";
import type { Case } from "../case.ts";

const providerConfigCase: Case = {
  title: "update a provider whose config changes and keep what it manages",
  program: ({ step, namespace }) => {
    const provider = new k8s.Provider("own", { namespace, suppressDeprecationWarnings: step > 1 });
    new k8s.core.v1.ConfigMap("map", { data: { a: "1" } }, { provider });
  },
  steps: [{ run: "up" }, { run: "preview" }, { run: "up" }, { run: "up" }],
  expectedDifferences: [
    {
      matches: /^step [23]: diffs > update pulumi:providers:kubernetes own: engine .*, CLI nothing$/,
      documented: "names the keys of a component's inputs and of a provider's config that change",
    },
  ],
};
export default providerConfigCase;
