/** What one run of a stack did. */
export interface StackSummary {
  /** Operation (`same`, `create`, `update`, `replace`, `delete`, …) → number of resources. */
  counts: Record<string, number>;
  outputs: Record<string, unknown>;
}

/** Runs the Pulumi program of this repository for one stack: through the pulumi CLI, or through the offline engine. */
export interface StackRunner {
  readonly engine: "pulumi CLI" | "offline engine";
  /** Shows what `up` would change; changes nothing. */
  preview(): Promise<StackSummary>;
  up(): Promise<StackSummary>;
  destroy(): Promise<void>;
  /** Outputs of the last `up`; secrets are masked. Empty for a stack that was never deployed. */
  outputs(): Promise<Record<string, unknown>>;
  /** Resources in the state, the stack itself and its providers included. */
  resourceCount(): Promise<number>;
}

export interface StackOptions {
  /** Folder of Pulumi.yaml. */
  projectDir: string;
  stack: string;
  /** Folder of the file backend. */
  backendDir: string;
  passphrase: string;
  /** Config that is set over what Pulumi.<stack>.yaml says. */
  config: Record<string, string>;
  /** Path of a kubeconfig. @default - the environment's */
  kubeconfig?: string;
}
