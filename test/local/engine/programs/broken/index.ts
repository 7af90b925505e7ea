import * as pulumi from "@pulumi/pulumi";
import { Thing } from "../thing.ts";

const how = new pulumi.Config().require("how");

new Thing("fine");
if (how === "throws") throw new Error("the program is wrong");
if (how === "invokes") pulumi.runtime.invokeOutput("world:index:getRegion", {}).apply(() => undefined);
if (how === "duplicates") new Thing("fine");
if (how === "fails") {
  const bad = new Thing("bad", { fail: true });
  new Thing("needy", { spec: bad.state });
  new Thing("unknown", { spec: bad.name.apply((name) => `${name}!`) });
}
if (how === "exits") process.exit(3);
if (how === "waits") await new Promise((resolve) => setTimeout(resolve, 60_000));

export const output = how;
