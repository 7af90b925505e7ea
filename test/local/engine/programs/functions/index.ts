import * as pulumi from "@pulumi/pulumi";

class World extends pulumi.ProviderResource {
  constructor() {
    super("world", "world", {});
  }
}

const near = new pulumi.Config().require("near");
const found = pulumi.runtime.invokeOutput<{ name: string }>(
  "world:index:getRegion",
  { near },
  { provider: new World() },
);

export const region = found.name;
