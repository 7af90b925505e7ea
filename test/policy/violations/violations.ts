import { awsViolations } from "./aws.ts";
import { azureViolations } from "./azure.ts";
import { gcpViolations } from "./gcp.ts";
import { kubernetesViolations } from "./kubernetes.ts";
import type { Violation } from "./planned.ts";

/** One violation for each policy of a resource, or of resources together; only the cost of a stack stands apart. */
export const violations: readonly Violation[] = [
  ...kubernetesViolations,
  ...awsViolations,
  ...gcpViolations,
  ...azureViolations,
];
