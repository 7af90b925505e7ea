import { COMMANDS } from "./commands.ts";
import { EXIT } from "./exit-code.ts";
import { Interrupted } from "../operations/interrupted.ts";
import { nearestName } from "../stacks/config/nearest-name.ts";
import { npmTrap } from "./npm-trap.ts";
import { parseFlags } from "./parse-flags.ts";
import { UsageError } from "./usage-error.ts";

async function main([name = "", ...args]: readonly string[]): Promise<number> {
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) {
    const near = nearestName(name, Object.keys(COMMANDS));
    const hint = near === undefined ? "" : `; did you mean ${near}?`;
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

/** Says why a command failed. Returns its exit code. */
function report(name: string, error: unknown): number {
  const isUsage = error instanceof UsageError;
  console.error(`${isUsage ? "" : "\n"}✗ ${name}: ${error instanceof Error ? error.message : String(error)}`);
  for (let cause = error; cause instanceof Error; cause = cause.cause)
    if (cause !== error) console.error(`  because: ${cause.message}`);
  if (isUsage) console.error(`  npm run ${name} -- --help shows the flags and examples`);
  return isUsage ? EXIT.usage : error instanceof Interrupted ? EXIT.interrupted : EXIT.failed;
}

process.exitCode = await main(process.argv.slice(2));
