import * as pulumi from "@pulumi/pulumi";
import { Thing, type ThingArgs } from "../thing.ts";

// What a program may do that would be easy to pass over in silence.
const what = new pulumi.Config().require("what");

class RemoteGroup extends pulumi.ComponentResource {
  constructor(name: string) {
    super("world:index:RemoteGroup", name, {}, {}, true);
  }
}

const args: ThingArgs = { name: "there", spec: 1 };
if (what === "plain" || what === "fails late") new Thing("there", args);
if (what === "fails late") throw new Error("after the thing");
if (what === "logs an error") void pulumi.log.error("a remark that sounds worse than it is");
if (what === "is remote") new RemoteGroup("group");
if (what === "is triggered") new Thing("there", args, { replacementTrigger: "one" });
if (what === "is triggered again") new Thing("there", args, { replacementTrigger: pulumi.secret("two") });
if (what === "hides") new Thing("there", { ...args, spec: 2 }, { hideDiffs: ["spec"] });
if (what === "reads") {
  const found = new Thing("found", {}, { id: "there" });
  new Thing("copy", { name: "copy", spec: found.spec });
  new Thing("alone", { name: "alone" });
}
if (what === "leaks") {
  // A mistake that is easily made: `require` where `requireSecret` is meant.
  const password = new pulumi.Config().require("password");
  console.log(`using ${password}`);
  new Thing("there", { ...args, label: `for ${password}` });
  throw new Error(`bad login ${password}`);
}
if (what === "imports") new Thing("there", args, { import: "there" });
if (what === "refers") {
  const other = new pulumi.StackReference("organization/nowhere/dev");
  new Thing("copy", { name: "copy", spec: other.getOutput("x") });
}

export const output = what;
