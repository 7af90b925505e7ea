import { join } from "node:path";
import { PolicyPack } from "@pulumi/policy";
import * as pulumi from "@pulumi/pulumi";
import { initialConfig } from "./exemptions.ts";
import type { RuleContext } from "./rule/rule.ts";
import { secretMarks } from "./rule/secret-paths.ts";
import type { SecretPaths } from "./rule/secret-paths.ts";
import { toPolicy } from "./rule/to-policy.ts";
import { rules } from "./rules.ts";
import { stackRegion } from "./stack-region.ts";

const secrets: SecretPaths = new Map();

const projectDir = join(import.meta.dirname, "..");

const context: RuleContext = {
  today: new Date().toISOString().slice(0, 10),
  stack: pulumi.getStack(),
  region: stackRegion(new pulumi.Config("slipway").getObject("cluster"), projectDir),
  projectDir,
  secretPaths: (urn) => secrets.get(urn),
};

new PolicyPack(
  "slipway",
  {
    displayName: "Slipway",
    description: "Rules of Slipway for every stack, in Kubernetes, AWS, Google Cloud and Azure",
    enforcementLevel: "mandatory",
    policies: [secretMarks(secrets), ...rules.map((rule) => toPolicy(rule, context))],
  },
  initialConfig(rules),
);
