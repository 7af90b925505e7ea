import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Case } from "../case.ts";

const transformationsCase: Case = {
  title: "apply the older transformations of a component",
  program: ({ step, namespace }) => {
    const home = new pulumi.ComponentResource(
      "test:index:Home",
      "home",
      {},
      {
        transformations: [
          ({ type, props, opts }) =>
            type === "kubernetes:core/v1:ConfigMap"
              ? {
                  props: { ...props, data: { added: "yes" } },
                  opts: { ...opts, ignoreChanges: ["metadata.labels"] },
                }
              : undefined,
        ],
      },
    );
    new k8s.core.v1.ConfigMap(
      "map",
      { metadata: { namespace, labels: { step: String(step) } } },
      { parent: home },
    );
  },
  steps: [{ run: "up" }, { run: "up" }],
};
export default transformationsCase;
