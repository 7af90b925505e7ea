import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Case } from "../case.ts";

class Vault extends pulumi.ComponentResource {
  readonly shown: pulumi.Output<string>;

  constructor(
    name: string,
    value: pulumi.Input<string>,
    namespace: string,
    options?: pulumi.ComponentResourceOptions,
  ) {
    super("test:index:Vault", name, { value, open: "yes" }, options);
    const map = new k8s.core.v1.ConfigMap(
      `${name}-map`,
      { metadata: { namespace }, data: { value } },
      { parent: this },
    );
    this.shown = map.data.apply((data) => data["value"] ?? "");
    this.registerOutputs({ shown: this.shown, name: map.metadata.name });
  }
}

const secretsInComponentsCase: Case = {
  title: "keep secrets secret through inputs and outputs of nested components",
  program: ({ namespace }) => {
    const outer = new Vault("outer", pulumi.secret("from outside"), namespace);
    const inner = new Vault("inner", outer.shown, namespace, { parent: outer });
    return {
      shown: inner.shown,
      both: pulumi.interpolate`${inner.shown}, ${"open"}`,
      all: { deep: [{ x: outer.shown }] },
    };
  },
  steps: [{ run: "preview" }, { run: "up" }, { run: "up" }],
};
export default secretsInComponentsCase;
