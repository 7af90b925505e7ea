import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Case } from "../case.ts";

interface Labelled {
  metadata?: { labels?: Record<string, string> };
}

function labelled(props: Labelled, label: string): Labelled {
  return { ...props, metadata: { ...props.metadata, labels: { ...props.metadata?.labels, [label]: "yes" } } };
}

const transforms: Case = {
  title: "apply transforms of the stack, of a component and of a resource",
  program: ({ namespace }) => {
    pulumi.runtime.registerResourceTransform(({ type, props, opts }) =>
      type === "kubernetes:core/v1:ConfigMap" ? { props: labelled(props, "stack"), opts } : undefined,
    );
    const home = new pulumi.ComponentResource(
      "test:index:Home",
      "home",
      {},
      {
        transforms: [
          ({ type, props, opts }) =>
            type.startsWith("kubernetes:") ? { props: labelled(props, "home"), opts } : undefined,
        ],
      },
    );
    new k8s.core.v1.ConfigMap("outside", { metadata: { namespace }, data: { a: "1" } });
    new k8s.core.v1.ConfigMap(
      "inside",
      { metadata: { namespace }, data: { a: "1" } },
      { parent: home, transforms: [({ props, opts }) => ({ props: labelled(props, "own"), opts })] },
    );
  },
  steps: [{ run: "preview" }, { run: "up" }, { run: "up" }],
};
export default transforms;
