import type { ConfigProblem } from "./config-problem.ts";
import type { StackConfig } from "./schema.ts";

export interface StackFileOptions {
  /** Name of the file, for messages: `Pulumi.prod.yaml`. */
  file: string;
  /** Its text. */
  text: string;
  /** Config that this run sets over the file: key with namespace → text, as Pulumi passes it. @default none */
  overrides?: Readonly<Record<string, string>>;
  /** Workload → names of its models. @default - the names of workloads and models are not checked */
  workloads?: ReadonlyMap<string, readonly string[]>;
  /** Whether a pulumi CLI is on the PATH: only then advice names `pulumi config set`. @default false */
  hasPulumiCli?: boolean;
}

export interface CheckedStackFile {
  /** The stack cannot be deployed before these are mended; sorted by line. */
  problems: ConfigProblem[];
  /** The stack can be deployed, but it probably is not what was meant. */
  warnings: ConfigProblem[];
  /** The parsed config, secrets replaced by a placeholder; undefined where there are problems. */
  config: StackConfig | undefined;
}

/** Checks the whole config of a stack from the text of its file, before any program starts. */
export function checkStackFile(options: StackFileOptions): CheckedStackFile {
  throw new Error(`${options.file}: checks come with the next commit`);
}
