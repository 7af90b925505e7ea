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

/** One operation on one resource: done or, in a preview, planned. */
export interface Step {
  op: Op;
  urn: string;
  old?: ResourceState;
  new?: ResourceState;
  /** Path → its change, from the provider or from the difference of the inputs. */
  detailedDiff?: Record<string, PropertyDiff>;
  /** Paths that force a replacement. */
  replaceReasons?: string[];
}

export type Severity = "debug" | "info" | "warning" | "error";

/** Receives the events of a run, to show or to keep them. */
export interface Audience {
  stepStarted(step: Step): void;
  stepDone(step: Step, elapsedMs: number): void;
  stepFailed(step: Step, elapsedMs: number, reasons: string[]): void;
  /** A resource was skipped because another one, `because`, failed. */
  skipped(urn: string, because: string): void;
  status(urn: string, message: string): void;
  /** A message. An error that a program logs does not fail the run by itself. */
  log(severity: Severity, message: string, urn?: string): void;
  policyViolation?(violation: PolicyViolation): void;
  /** A refresh found changes since the last run. */
  drifted?(drift: readonly Drift[]): void;
}

/** Receives the events of a run from the engine and summarizes them. */
export interface Listener extends Audience {
  /** Reports and logs an error that fails the run and belongs to no step. */
  fail(message: string, urn?: string): void;
}
