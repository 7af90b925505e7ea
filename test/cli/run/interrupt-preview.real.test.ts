import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { runCommand } from "../../../local/run-command.ts";

const root = join(import.meta.dirname, "../../..");

/** Processes that inherited an environment variable. */
async function heirs(variable: string): Promise<string[]> {
  const processes = (await readdir("/proc")).filter((entry) => /^\d+$/.test(entry));
  const environments = await Promise.all(
    processes.map(
      async (pid) => [pid, await readFile(`/proc/${pid}/environ`, "utf8").catch(() => "")] as const,
    ),
  );
  return environments.filter(([, text]) => text.includes(variable)).map(([pid]) => pid);
}

test.each([
  ["a stack", ["--stack", "prod-foundation", "--offline"]],
  ["a stack and its base", ["--stack", "prod-foundation", "--base", "HEAD"]],
])(
  "Ctrl-C in a preview of %s says that nothing was changed, and leaves nothing",
  async (_, flags) => {
    const temporary = await mkdtemp(join(tmpdir(), "interrupted-"));
    onTestFinished(() => rm(temporary, { recursive: true, force: true }));
    const mark = randomUUID();
    const child = spawn(process.execPath, ["cli/bootstrap.mjs", "preview", ...flags], {
      cwd: root,
      detached: true, // a group of its own, which gets the signal as from a terminal
      env: { ...process.env, SLIPWAY_TEST_MARK: mark, TMPDIR: temporary },
    });
    let stderr = "";
    child.stderr.on("data", (chunk: Buffer) => {
      const started = stderr.includes("▸ Plan stack");
      stderr += chunk.toString();
      if (!started && stderr.includes("▸ Plan stack"))
        setTimeout(() => process.kill(-(child.pid ?? 0), "SIGINT"), 3000);
    });
    const code = await new Promise((resolve) => child.on("close", resolve));
    expect(stderr.trimEnd().split("\n").at(-1)).toBe(
      "✗ preview: the preview of stack prod-foundation was interrupted; nothing was changed",
    );
    expect(stderr).not.toContain("failed after");
    expect(code).toBe(130);
    await expect.poll(() => heirs(`SLIPWAY_TEST_MARK=${mark}`), { timeout: 5000 }).toEqual([]);
    expect((await readdir(temporary)).filter((name) => name.startsWith("slipway-"))).toEqual([]);
    expect(await runCommand("git", ["worktree", "list"], { cwd: root })).not.toContain(temporary);
  },
  120_000,
);
