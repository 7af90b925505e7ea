import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { backup } from "../../../cli/run/backup.ts";
import { restore } from "../../../cli/run/restore.ts";

// The stack is not there either: a command that looked at it first would say so.
const NO_STACK = { stack: "no-such-stack" };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "slipway-folder-"));
});
afterEach(() => rm(folder, { recursive: true }));

it("refuses a folder to restore from, before it looks at the stack or logs in", async () => {
  await expect(restore({ ...NO_STACK, from: folder, "dry-run": true })).rejects.toThrow(
    `--from ${folder}: must be a folder with a backup`,
  );
});

it("refuses a folder to back up to, before it looks at the stack or logs in", async () => {
  await writeFile(join(folder, "notes"), "");
  await expect(backup({ ...NO_STACK, to: folder })).rejects.toThrow(
    "must be empty or a backup, it holds notes",
  );
  await expect(backup({ ...NO_STACK, to: join(folder, "notes") })).rejects.toThrow("a file is there");
});

it("makes no folder for a backup that does not begin", async () => {
  await expect(backup({ ...NO_STACK, to: join(folder, "new") })).rejects.toThrow("--stack no-such-stack");
  expect(await readdir(folder)).toEqual([]);
});
