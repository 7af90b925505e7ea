import { chmod, link, mkdir, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { fixModes } from "../../../local/images/fix-modes.ts";

let scratch: string;
beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), "fix-modes-"));
});
afterEach(() => rm(scratch, { recursive: true, force: true }));

const modeOf = async (path: string): Promise<string> => ((await stat(path)).mode & 0o7777).toString(8);

async function file(path: string, mode: number): Promise<string> {
  await writeFile(path, path);
  await chmod(path, mode);
  return path;
}

test("folders, programs and other files have the same modes on every machine", async () => {
  const folder = join(scratch, "context");
  await mkdir(join(folder, "lib"), { recursive: true });
  const data = [await file(join(folder, "lib/a.js"), 0o600), await file(join(folder, "b.js"), 0o664)];
  const program = await file(join(folder, "node"), 0o700);
  await chmod(join(folder, "lib"), 0o700);
  await chmod(folder, 0o700);
  await fixModes(folder);
  for (const path of data) expect(await modeOf(path)).toBe("644");
  for (const path of [program, folder, join(folder, "lib")]) expect(await modeOf(path)).toBe("755");
});

test("a file that is also elsewhere keeps its mode there", async () => {
  const folder = join(scratch, "context");
  await mkdir(folder);
  const elsewhere = await file(join(scratch, "package.json"), 0o600);
  await link(elsewhere, join(folder, "package.json"));
  await fixModes(folder);
  expect(await modeOf(elsewhere)).toBe("600");
  expect(await modeOf(join(folder, "package.json"))).toBe("644");
  expect((await stat(join(folder, "package.json"))).size).toBe(elsewhere.length);
});
