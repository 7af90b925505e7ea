import * as pulumi from "@pulumi/pulumi";
import { Thing } from "../thing.ts";

const other = new pulumi.StackReference("organization/options/dev");
new Thing("reads", { spec: other.getOutput("stamped") });

export const stamped = other.requireOutput("stamped");
export const password = other.getOutput("password");
export const missing = other.getOutput("missing").apply((value) => value === undefined);
