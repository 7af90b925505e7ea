import type { Writable } from "node:stream";

/** Linux gives one environment variable 128 KiB; the config of a large stack has more. */
const MOST_BYTES = 100_000;

/** How variables of the config get into a process: by its environment, or by its input where they are too long for that. */
export interface ConfigHandover {
  env: Record<string, string>;
  /** To be called with the input of the process once it is started; it has no other. */
  send(stdin: Writable): void;
}

/** The other half is in program-preload.mjs. */
export function handOver(variables: Readonly<Record<string, string>>): ConfigHandover {
  const fits = Object.values(variables).every((value) => Buffer.byteLength(value) <= MOST_BYTES);
  return {
    env: fits ? { ...variables } : { PULUMI_CONFIG_FROM_STDIN: "1" },
    send(stdin) {
      stdin.on("error", () => undefined); // it ended before it had read: its exit says so
      stdin.end(fits ? "" : JSON.stringify(variables));
    },
  };
}
