import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { backendPassphrase } from "../../../operations/stack/passphrase.ts";

let folder: string;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), "slipway-passphrase-"))));
afterEach(() => rm(folder, { recursive: true }));

it("creates one passphrase for all runs that need it at once, readable by its owner alone", async () => {
  const backend = join(folder, "pulumi");
  const all = await Promise.all(Array.from({ length: 20 }, () => backendPassphrase(backend, {})));
  expect(new Set(all).size).toBe(1);
  expect(all[0]).toMatch(/^[\w-]{43}$/);
  expect(await readdir(backend)).toEqual(["passphrase"]);
  expect(await readFile(join(backend, "passphrase"), "utf8")).toBe(`${all[0]}\n`);
  expect((await stat(join(backend, "passphrase"))).mode & 0o777).toBe(0o600);
});

it("refuses an empty file of the passphrase, which a write that was cut off may have left", async () => {
  await writeFile(join(folder, "passphrase"), "");
  await expect(backendPassphrase(folder, {})).rejects.toThrow(
    `${join(folder, "passphrase")}: must hold the passphrase of the stacks, is empty; put it back from a copy, or remove the file if no stack has state yet`,
  );
});

it("takes the passphrase of the environment, also an empty one", async () => {
  await writeFile(join(folder, "passphrase"), "of the folder\n");
  expect(await backendPassphrase(folder, { PULUMI_CONFIG_PASSPHRASE: "" })).toBe("");
  await writeFile(join(folder, "named"), "of a file\n");
  expect(await backendPassphrase(folder, { PULUMI_CONFIG_PASSPHRASE_FILE: join(folder, "named") })).toBe(
    "of a file",
  );
  expect(await backendPassphrase(folder, {})).toBe("of the folder");
});
