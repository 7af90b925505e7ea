import { expect, it } from "vitest";
import { CommandFailed, runCommand } from "../../local/run-command.ts";
import { commandReason } from "../../operations/command-reason.ts";

const FLOOD = "for (;;) require('fs').writeSync(1, 'x'.repeat(1000))";

it("ends a command that prints without end, and says so", async () => {
  const run = runCommand(process.execPath, ["-e", FLOOD], { outputLimitBytes: 2 ** 20, timeoutMs: 60_000 });
  const error = await run.catch((failure: unknown) => failure);
  expect(error).toBeInstanceOf(CommandFailed);
  expect(error).toMatchObject({ outputLimitBytes: 2 ** 20, timedOutMs: undefined });
  expect((error as Error).message).toContain("printed more than 1 MiB");
  expect((error as Error).message.length).toBeLessThan(5000); // it prints one long line
  expect(commandReason(error)).toBe(`${process.execPath} printed more than 1 MiB`);
});

it("takes all of a long answer", async () => {
  const script = "process.stdout.write('x'.repeat(3_000_000))";
  expect((await runCommand(process.execPath, ["-e", script])).length).toBe(3_000_000);
});
