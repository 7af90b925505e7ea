/** What a program of a case is told. */
export interface ProgramInput {
  /** Counts the operations from 1: a program changes with it. */
  step: number;
  /** Namespace of its own for this run, which is there already. */
  namespace: string;
}

/** What a step does: with the stack, and before it with the cluster. */
export interface CaseStep {
  run: "up" | "preview" | "refresh" | "destroy";
  /** Config of the stack's file: key → value in YAML, such as `12`, `"12"` or `{ a: [1] }`. */
  config?: Record<string, string>;
  /** Secret config of the stack's file: key → text. */
  secretConfig?: Record<string, string>;
  /** Arguments of `kubectl`, run in the namespace before the operation: what somebody does by hand. */
  kubectl?: readonly (readonly string[])[];
  /** Whether the operation is to fail, with both engines unless one is named. @default false */
  fails?: boolean | "engine" | "cli";
  /** Words of the offline engine's error. @default - any */
  engineSays?: string;
}

/** A difference that docs/offline-engine.md lists. A test fails where there is none. */
export interface ExpectedDifference {
  /** Matches the differences that it explains; see `differences.ts` for their form. */
  matches: RegExp;
  /** Words of docs/offline-engine.md. */
  documented: string;
}

/** A program and what is done with it, which both engines are to do alike. */
export interface Case {
  /** What the case is about, as a sentence that says what both do. */
  title: string;
  program: (input: ProgramInput) => unknown;
  /** Operations in their order. A `destroy` at the end is added. */
  steps: readonly CaseStep[];
  /** @default - none */
  expectedDifferences?: readonly ExpectedDifference[];
}
