import * as pulumi from "@pulumi/pulumi";
import { Group, Thing } from "../../programs/thing.ts";

const config = new pulumi.Config();
const first = new Thing("first", { spec: "fine", label: "yes" });
const unknown = new Thing("unknown", { spec: pulumi.interpolate`${first.state}`, label: "yes" });
new Thing("bad", { spec: pulumi.secret("bad"), label: "yes" });
new Thing(
  "after-bad",
  { spec: "fine", label: "yes" },
  { dependsOn: [unknown], protect: config.getBoolean("protect") },
);
if (config.getBoolean("many")) new Group("group", { spec: "fine" });
