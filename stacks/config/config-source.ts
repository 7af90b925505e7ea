import type { StackFile } from "./stack-file.ts";

/** The files of a config, for the lines of problems. */
export interface ConfigSource {
  /** Name of the stack's file. */
  name: string;
  file: StackFile;
  /** The file of its foundation. @default - the stack has none */
  foundation?: { name: string; file: StackFile } | undefined;
}
