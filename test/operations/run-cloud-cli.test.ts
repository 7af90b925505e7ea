import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { CommandFailed, runCommand } from "../../local/run-command.ts";
import { commandReason } from "../../operations/command-reason.ts";

let folder: string;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), "cloud-cli-"))));
afterEach(() => rm(folder, { recursive: true }));

/** Writes a program that prints half of a token, and waits; a shell script that starts another program, as gcloud is. */
async function hangingProgram(): Promise<string> {
  const program = join(folder, "gcloud");
  await writeFile(program, "#!/bin/sh\necho half-a-token\nsleep 3\nexit 0\n");
  await chmod(program, 0o755);
  return program;
}

it("ends a program at its limit, though a program that it started goes on", async () => {
  const start = Date.now();
  const error: unknown = await runCommand(await hangingProgram(), [], { timeoutMs: 300 }).catch(
    (failure: unknown) => failure,
  );
  expect(Date.now() - start).toBeLessThan(2500);
  expect(error).toBeInstanceOf(CommandFailed);
  expect((error as CommandFailed).message).toContain("did not end within 0.3 s");
  expect(commandReason(error)).toBe(`${folder}/gcloud did not end within 0.3 s`);
});

it("tells a limit from a signal that something else sent", async () => {
  const error: unknown = await runCommand("sh", ["-c", "kill -9 $$"], { timeoutMs: 60_000 }).catch(
    (failure: unknown) => failure,
  );
  expect((error as CommandFailed).message).toContain("ended with a signal");
});
