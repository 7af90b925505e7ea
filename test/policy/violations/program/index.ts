// One bad program for each policy, all in one stack: the resources of each are named after the policy that they violate.
import * as pulumi from "@pulumi/pulumi";
import { bad } from "../planned.ts";
import { violations } from "../violations.ts";

class Plain extends pulumi.CustomResource {}

const made = new Map<string, pulumi.CustomResource>();

function resolved(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(resolved);
  if (typeof value !== "object" || value === null) return value;
  if ("$ref" in value) return made.get(String(value.$ref))?.id;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolved(item)]));
}

const config = new pulumi.Config();
const complying = config.getBoolean("complying") ?? false;
const secret = config.requireSecret("password");

for (const violation of violations) {
  const resources = complying ? violation.good(violation.policy) : bad(violation);
  for (const { name, type, inputs, protect } of resources)
    made.set(name, new Plain(type, name, resolved(inputs) as pulumi.Inputs, { protect }));
}

// What must not be taken for plain text: secrets, and what is not known.
new Plain("kubernetes:core/v1:Secret", "secrets", {
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name: "secrets" },
  stringData: { password: secret, unknown: made.get("aws-s3-versioned")?.id },
});
