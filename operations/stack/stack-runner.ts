import type { Display } from "../../local/engine/display/display.ts";

/** What one run of a stack did. */
export interface StackSummary {
  /** Operation (`same`, `create`, `update`, `replace`, `delete`, …) → number of resources. */
  counts: Record<string, number>;
}

/** Runs the Pulumi program of this repository for one stack: through the pulumi CLI, or through the offline engine. */
export interface StackRunner {
  readonly engine: "pulumi CLI" | "offline engine";
  up(): Promise<StackSummary>;
  destroy(): Promise<void>;
  /** Outputs of the last `up`; secrets are masked. Empty for a stack that was never deployed. */
  outputs(): Promise<Record<string, unknown>>;
  /** Resources in the state, the stack itself and its providers included. */
  resourceCount(): Promise<number>;
}

/** How a run is shown, and how a person ends it. An operation itself knows no terminal. */
export interface StackView {
  /** Display of the offline engine. */
  display(): Display;
  /** Output of the pulumi CLI as it comes. */
  write(text: string): void;
  /** Runs work with a signal that is aborted when the person interrupts it. */
  interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T>;
}

export interface StackOptions {
  /** Folder of Pulumi.yaml. */
  projectDir: string;
  stack: string;
  /** Config that applies to this run over Pulumi.<stack>.yaml; it is never written there. */
  config: Readonly<Record<string, string>>;
  /** Path of a kubeconfig. @default - the environment's */
  kubeconfig?: string;
  /** Whether `up` compares the stack with the cluster first, and takes back what people changed. @default true */
  refresh?: boolean;
  env: NodeJS.ProcessEnv;
  view: StackView;
}
