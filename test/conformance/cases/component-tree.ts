import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Case } from "../case.ts";

class Group extends pulumi.ComponentResource {
  readonly name: pulumi.Output<string>;

  constructor(name: string, namespace: string, step: number, options?: pulumi.ComponentResourceOptions) {
    super("test:index:Group", name, {}, options);
    const map = new k8s.core.v1.ConfigMap(
      `${name}-map`,
      { metadata: { namespace }, data: { step: String(Math.min(step, 4)) } },
      { parent: this },
    );
    this.name = map.metadata.name;
    this.registerOutputs({ name: this.name });
  }
}

const componentTree: Case = {
  title: "make, extend and take away components within components",
  program: ({ step, namespace }) => {
    const outer = new Group("outer", namespace, step);
    const inner = new Group("inner", namespace, step, { parent: outer, dependsOn: [outer] });
    if (step > 2) new Group("late", namespace, step, { parent: inner });
    return { names: [outer.name, inner.name] };
  },
  steps: [{ run: "preview" }, { run: "up" }, { run: "preview" }, { run: "up" }, { run: "up" }],
};
export default componentTree;
