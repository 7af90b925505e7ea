import type { Display } from "./display/display.ts";
import type { ProviderFactory } from "./provider.ts";
import type { ResourceState } from "./state/resource-state.ts";

/** Options of a run of the engine. */
export interface EngineOptions {
  /** Folder of Pulumi.yaml. */
  projectDir: string;
  stack: string;
  /** Root of a Pulumi file backend. */
  backendDir: string;
  passphrase: string;
  /** Config values that override Pulumi.STACK.yaml, by key with or without its namespace. */
  config?: Record<string, string>;
  /** Environment of the program and of the providers. @default - the environment of this process */
  env?: Record<string, string | undefined>;
  /** Greatest number of operations at a time. @default 16 */
  parallel?: number;
  /** Providers that come before the built-in ones. @default - only the built-in ones */
  providers?: ProviderFactory;
  /** @default - none */
  display?: Display;
  /** Interrupts the run: operations in progress finish and are saved, no new one starts. */
  signal?: AbortSignal;
  /** Shows secrets in the outputs of the summary. @default false */
  showSecrets?: boolean;
  /** Resources that another preview planned, to compare the program of this preview with. @default - the state of the backend */
  from?: readonly ResourceState[];
  /**
   * Reads every resource before the program is planned, so that `up` (and the plan of `preview`) reverts changes and deletions
   * since the last run; `Summary.drift` lists them. A preview writes none of it to the state.
   * Cannot be combined with `from`. @default false
   */
  refresh?: boolean;
  /**
   * Overwrites fields that the program declares and somebody changed by hand (`kubectl scale`), with a message.
   * @default false: such a field is an error
   */
  takeBack?: boolean;
  /** What a preview does if a cluster is unreachable: it fails, or it plans without the cluster and warns. @default "fail" */
  unreachableClusters?: "fail" | "plan";
  /** What a preview does if a stack that the program refers to is not there: it fails, or it plans with unknown outputs and warns. @default "fail" */
  absentStacks?: "fail" | "plan";
  /** Folders of policy packs that check every `preview` and `up`, with config by policy name. @default - none */
  policyPacks?: readonly { path: string; config?: Record<string, unknown> }[];
  /** Called before and after each write of the state; a test kills the process here. */
  onWrite?: (moment: "before" | "after") => void;
}
