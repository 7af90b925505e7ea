import analyzerPb from "@pulumi/pulumi/proto/analyzer_pb.js";
import type { AnalyzeDiagnostic } from "@pulumi/pulumi/proto/analyzer_pb.js";

/** Something that a policy found. One that is mandatory fails the run. */
export interface PolicyViolation {
  pack: string;
  packVersion: string;
  policy: string;
  /** Absent where a policy of the stack blames no single resource. */
  urn?: string;
  /** `remediate`: a remediation that could not run. */
  enforcement: "advisory" | "mandatory" | "remediate";
  severity?: string;
  message: string;
}

export interface PolicyPackInfo {
  name: string;
  version: string;
  /** Names of the policies that ran: those that are not disabled. */
  policies: string[];
}

/** A policy pack that cannot be loaded, or that broke while it judged: nothing is known of what it would have said. */
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
    // What still violates after a remediation is judged as mandatory, as by the CLI.
    enforcement: advisory ? "advisory" : "mandatory",
    ...(severity === undefined ? {} : { severity }),
    message: diagnostic.getMessage(),
  };
}
