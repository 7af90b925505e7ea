import type { Display } from "../../local/engine/display/display.ts";

/** Result of one run of a stack. */
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

/** Shows a run to a person, and lets the person interrupt it. Operations themselves use no terminal. */
export interface StackView {
  /** Creates the display of a run of the offline engine. */
  display(): Display;
  /** Writes output of the pulumi CLI. */
  write(text: string): void;
  /** Runs work with a signal that aborts when the person interrupts it. */
  interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T>;
}

export interface StackOptions {
  /** Folder of Pulumi.yaml. */
  projectDir: string;
  stack: string;
  /** Config of this run alone, over that of Pulumi.<stack>.yaml. It is never written to the file. */
  config: Readonly<Record<string, string>>;
  /** Path of a kubeconfig. @default - the environment's */
  kubeconfig?: string;
  /** Whether `up` compares the stack with the cluster first, and reverts changes by hand. @default true */
  refresh?: boolean;
  env: NodeJS.ProcessEnv;
  view: StackView;
}
