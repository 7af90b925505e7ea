import * as pulumi from "@pulumi/pulumi";

export interface ThingArgs {
  name?: pulumi.Input<string>;
  spec?: pulumi.Input<unknown>;
  immutable?: pulumi.Input<unknown>;
  fail?: boolean;
  label?: pulumi.Input<string>;
}

/** A resource of the tests' own provider. */
export class Thing extends pulumi.CustomResource {
  declare readonly name: pulumi.Output<string>;
  declare readonly spec: pulumi.Output<unknown>;
  declare readonly state: pulumi.Output<string>;

  constructor(name: string, args: ThingArgs = {}, opts?: pulumi.CustomResourceOptions) {
    super("world:index:Thing", name, { name: undefined, spec: undefined, state: undefined, ...args }, opts);
  }
}

export class WorldProvider extends pulumi.ProviderResource {
  constructor(name: string, args: { region?: pulumi.Input<string> }, opts?: pulumi.ResourceOptions) {
    super("world", name, args, opts);
  }
}

/** A component with one thing inside. */
export class Group extends pulumi.ComponentResource {
  readonly thing: Thing;

  constructor(name: string, args: ThingArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    super("test:index:Group", name, {}, opts);
    this.thing = new Thing(`${name}-thing`, args, { parent: this });
    this.registerOutputs({ thing: this.thing });
  }
}
