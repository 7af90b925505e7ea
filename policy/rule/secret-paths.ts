import type { ResourceValidationPolicy } from "@pulumi/policy";
import { plainProperties } from "./to-policy.ts";

/** Paths of secret inputs, by the URN of their resource. */
export type SecretPaths = Map<string, ReadonlySet<string>>;

/**
 * Records which inputs are secrets. The SDK shows secret marks only to remediations, not to validations, so this policy is a
 * remediation that changes nothing. The engine runs it before it validates the resource.
 */
export function secretMarks(paths: SecretPaths): ResourceValidationPolicy {
  return {
    name: "platform-secret-marks",
    displayName: "Records which inputs are secrets, for platform-no-plaintext-secrets",
    description:
      "Records which inputs are secrets, for platform-no-plaintext-secrets; it reports nothing itself",
    enforcementLevel: "remediate",
    severity: "low",
    tags: ["platform"],
    remediationSteps: "Nothing to do; leave it at `remediate`",
    remediateResource: ({ urn, props }) => {
      const found = new Set<string>();
      collect(plainProperties(props), "", found);
      paths.set(urn, found);
      return undefined;
    },
    validateResource: () => undefined,
  };
}

function collect(value: unknown, path: string, found: Set<string>): void {
  if (typeof value !== "object" || value === null) return;
  if (value.constructor?.name === "Secret") {
    found.add(path);
    return;
  }
  for (const [key, item] of Object.entries(value))
    collect(item, Array.isArray(value) ? `${path}[${key}]` : path === "" ? key : `${path}.${key}`, found);
}
