import { COMMANDS } from "./commands.ts";
import { EXIT } from "./exit-code.ts";
import { failureLines } from "./failure-lines.ts";
import { Interrupted } from "../operations/interrupted.ts";
import { WrongRequest } from "../operations/wrong-request.ts";
import { didYouMean } from "../runtime/contract/issues/did-you-mean.ts";
import { BrokenWorkload } from "../workloads/broken-workload.ts";
import { npmTrap } from "./npm-trap.ts";
import { parseFlags } from "./parse-flags.ts";
import { UsageError } from "./usage-error.ts";

async function main([name = "", ...args]: readonly string[]): Promise<number> {
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) {
    const hint = didYouMean(name, Object.keys(COMMANDS));
    console.error(`✗ there is no command ${JSON.stringify(name)}${hint}\n  npm run help lists the commands`);
    return EXIT.usage;
  }
  try {
    const trap = npmTrap(name, command, args, process.env, COMMANDS);
    if (trap !== undefined) throw new UsageError([trap]);
    const outcome = await command.run(parseFlags(name, args, COMMANDS));
    return typeof outcome === "number" ? outcome : outcome === false ? EXIT.failed : EXIT.ok;
  } catch (error) {
    return report(name, error);
  }
}

/** Prints why a command failed. Returns its exit code. */
function report(name: string, error: unknown): number {
  for (const line of failureLines(name, error)) console.error(line);
  return error instanceof WrongRequest || error instanceof BrokenWorkload
    ? EXIT.usage
    : error instanceof Interrupted
      ? EXIT.interrupted
      : EXIT.failed;
}

process.exitCode = await main(process.argv.slice(2));
