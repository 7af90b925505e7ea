import type { Display } from "./display/display.ts";
import type { ProviderFactory } from "./provider.ts";
import type { ResourceState } from "./state/resource-state.ts";

/** What a run of the engine is given. */
export interface EngineOptions {
  /** Folder of Pulumi.yaml. */
  projectDir: string;
  stack: string;
  /** Root of a Pulumi file backend. */
  backendDir: string;
  passphrase: string;
  /** Config on top of Pulumi.STACK.yaml, by key with or without its namespace. */
  config?: Record<string, string>;
  /** Environment of the program and of the providers. @default - that of this process */
  env?: Record<string, string | undefined>;
  /** Operations at once. @default 16 */
  parallel?: number;
  /** Asked first; what it does not know the built-in ones may. @default - the built-in ones alone */
  providers?: ProviderFactory;
  /** @default - none */
  display?: Display;
  /** Interrupts: what runs is waited for and saved, nothing new begins. */
  signal?: AbortSignal;
  /** Shows secrets in the outputs of the summary. @default false */
  showSecrets?: boolean;
  /** Compares the program of a preview with these, which another preview has planned. @default - the state of the backend */
  from?: readonly ResourceState[];
  /**
   * Reads every resource before the program is planned, so that `up` (and the plan of `preview`) puts back what was changed
   * or deleted since the last run; `Summary.drift` says what that was. A preview writes nothing of it.
   * Cannot go together with `from`. @default false
   */
  refresh?: boolean;
  /**
   * Lets Kubernetes take fields that the program declares back from whoever changed them by hand (`kubectl scale`), and
   * says so. @default false: such a field is an error
   */
  takeBack?: boolean;
  /** What a preview does where a cluster cannot be reached: fails, or plans without it and warns. @default "fail" */
  unreachableClusters?: "fail" | "plan";
  /** Folders of policy packs that judge what `preview` and `up` would do, with config by policy name. @default - none */
  policyPacks?: readonly { path: string; config?: Record<string, unknown> }[];
  /** Called before and after each write of the state; a test ends the process here. */
  onWrite?: (moment: "before" | "after") => void;
}
