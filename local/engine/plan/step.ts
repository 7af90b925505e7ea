import type { PropertyDiff } from "../provider.ts";
import type { PolicyViolation } from "../policy/policy-violation.ts";
import type { ResourceState } from "../state/resource-state.ts";
import type { Drift } from "./drift.ts";

export type Op =
  | "same"
  | "create"
  | "update"
  | "delete"
  | "replace"
  | "create-replacement"
  | "delete-replaced"
  | "read"
  | "discard"
  | "refresh";

export const OPS: readonly Op[] = [
  "same",
  "create",
  "update",
  "delete",
  "replace",
  "create-replacement",
  "delete-replaced",
  "read",
  "discard",
  "refresh",
];

/** One thing that is done, or in a preview would be done, to one resource. */
export interface Step {
  op: Op;
  urn: string;
  old?: ResourceState;
  new?: ResourceState;
  /** Path → what happens to it, as the provider says or as the inputs differ. */
  detailedDiff?: Record<string, PropertyDiff>;
  /** Paths that force a replacement. */
  replaceReasons?: string[];
}

export type Severity = "debug" | "info" | "warning" | "error";

/** Is told what goes on in a run, and shows or keeps it. */
export interface Audience {
  stepStarted(step: Step): void;
  stepDone(step: Step, elapsedMs: number): void;
  stepFailed(step: Step, elapsedMs: number, reasons: string[]): void;
  /** Something that it needs failed. */
  skipped(urn: string, because: string): void;
  status(urn: string, message: string): void;
  /** A message. An error that a program logs does not fail the run by itself. */
  log(severity: Severity, message: string, urn?: string): void;
  policyViolation?(violation: PolicyViolation): void;
  /** What a refresh found to be different from what the last run left. */
  drifted?(drift: readonly Drift[]): void;
}

/** Is told by the engine what goes on in a run, and sums it up. */
export interface Listener extends Audience {
  /** An error that fails the run and belongs to no step. It is logged too. */
  fail(message: string, urn?: string): void;
}
