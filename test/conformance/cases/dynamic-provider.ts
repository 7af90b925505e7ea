import * as pulumi from "@pulumi/pulumi";
import type { Case } from "../case.ts";

class Dynamic extends pulumi.dynamic.Resource {
  constructor(name: string, props: pulumi.Inputs, options: pulumi.CustomResourceOptions) {
    super({ create: () => Promise.resolve({ id: "1", outs: {} }) }, name, props, options);
  }
}

const dynamicProviderCase: Case = {
  title: "refuse dynamic providers: neither has their plugin here",
  program: () => {
    new Dynamic("dynamic", {}, {});
  },
  steps: [
    { run: "preview", fails: true },
    { run: "up", fails: true },
  ],
};
export default dynamicProviderCase;
