import type { Writable } from "node:stream";

/** Linux limits one environment variable to 128 KiB; the config of a large stack is longer. */
const MAX_BYTES = 100_000;

/** Passes variables of the config to a process: by its environment or, if they are too long for it, by its standard input. */
export interface ConfigHandover {
  env: Record<string, string>;
  /** Must be called with the standard input of the process once it is started; nothing else may write to it. */
  send(stdin: Writable): void;
}

/** program-preload.mjs reads the variables in the process. */
export function handOver(variables: Readonly<Record<string, string>>): ConfigHandover {
  const fits = Object.values(variables).every((value) => Buffer.byteLength(value) <= MAX_BYTES);
  return {
    env: fits ? { ...variables } : { PULUMI_CONFIG_FROM_STDIN: "1" },
    send(stdin) {
      stdin.on("error", () => undefined); // a process that ended before it read reports that by its exit status
      stdin.end(fits ? "" : JSON.stringify(variables));
    },
  };
}
