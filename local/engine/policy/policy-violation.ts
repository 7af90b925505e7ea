import analyzerPb from "@pulumi/pulumi/proto/analyzer_pb.js";
import type { AnalyzeDiagnostic } from "@pulumi/pulumi/proto/analyzer_pb.js";

/** A violation of a policy. A mandatory one fails the run. */
export interface PolicyViolation {
  pack: string;
  packVersion: string;
  policy: string;
  /** The resource; absent if a policy of the whole stack names none. */
  urn?: string;
  /** `remediate` means that a remediation failed. */
  enforcement: "advisory" | "mandatory" | "remediate";
  severity?: string;
  message: string;
}

export interface PolicyPackInfo {
  name: string;
  version: string;
  /** Names of the policies that are not disabled. */
  policies: string[];
}

/** A policy pack could not be loaded or failed during a check, so its result is unknown. */
export class PolicyPackError extends Error {
  readonly code = "policy-pack";

  constructor(pack: string, reason: string) {
    super(`policy pack ${pack}: ${reason}`);
    this.name = "PolicyPackError";
  }
}

const SEVERITIES = [undefined, "low", "medium", "high", "critical"];

export function toViolation(diagnostic: AnalyzeDiagnostic, urn: string | undefined): PolicyViolation {
  const about = urn ?? (diagnostic.getUrn() || undefined);
  const severity = SEVERITIES[diagnostic.getSeverity()];
  const advisory = diagnostic.getEnforcementlevel() === analyzerPb.EnforcementLevel.ADVISORY;
  return {
    pack: diagnostic.getPolicypackname(),
    packVersion: diagnostic.getPolicypackversion(),
    policy: diagnostic.getPolicyname(),
    ...(about === undefined ? {} : { urn: about }),
    // A violation that remains after a remediation counts as mandatory, as with the CLI.
    enforcement: advisory ? "advisory" : "mandatory",
    ...(severity === undefined ? {} : { severity }),
    message: diagnostic.getMessage(),
  };
}
