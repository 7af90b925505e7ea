import { lineProgress } from "../local/progress.ts";
import { parseFlags, type Flags } from "./arguments.ts";
import { ROOT } from "../operations/platform.ts";

/** Command → what it does; loaded on demand, for most need only little of what there is. Returns whether all is well, or the exit code. */
const COMMANDS: Record<string, (flags: Flags) => Promise<boolean | number | void>> = {
  up: async (flags) => (await import("./commands/up.ts")).up(flags),
  down: async (flags) => (await import("./commands/down.ts")).down(flags, flags),
  status: async (flags) => (await import("./commands/status.ts")).status(flags, flags),
  preview: async (flags) => (await import("./commands/preview.ts")).preview(flags),
  pin: async (flags) => (await import("./commands/pin.ts")).pin(flags),
  comment: async (flags) => (await import("./commands/comment.ts")).comment(flags),
  train: async (flags) => (await import("./commands/train.ts")).train(flags, flags),
  promote: async (flags) => (await import("./commands/promote.ts")).promote(flags, flags),
  mirror: async (flags) => (await import("./commands/mirror.ts")).mirror(flags),
  stage: async (flags) => (await import("./commands/stage.ts")).stage(flags),
  feast: async (flags) => (await import("./commands/feast.ts")).feast(flags),
  replay: async (flags) => (await import("./commands/replay.ts")).replay(flags, flags),
  test: async (flags) => (await import("./commands/test.ts")).test(ROOT, flags),
  check: async () => (await import("./commands/check.ts")).check(ROOT, lineProgress()),
  bench: async () => (await import("./commands/bench.ts")).bench(ROOT),
};

async function main([name = "", ...args]: readonly string[]): Promise<number> {
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) {
    console.error(`no such command: ${JSON.stringify(name)}; commands: ${Object.keys(COMMANDS).join(" ")}`);
    return 2;
  }
  try {
    const outcome = await command(parseFlags(args));
    return typeof outcome === "number" ? outcome : outcome === false ? 1 : 0;
  } catch (error) {
    console.error(`\n✗ ${name}: ${error instanceof Error ? error.message : String(error)}`);
    for (let cause = error; cause instanceof Error; cause = cause.cause)
      if (cause !== error) console.error(`  because: ${cause.message}`);
    return 1;
  }
}

process.exitCode = await main(process.argv.slice(2));
