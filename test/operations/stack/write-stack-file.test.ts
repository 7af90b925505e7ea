import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { writeStackFile } from "../../../operations/stack/write-stack-file.ts";

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "slipway-stack-file-"));
  file = join(folder, "Pulumi.prod.yaml");
  await writeFile(file, "config: {}\n");
});
afterEach(() => rm(folder, { recursive: true }));

it("replaces the file as a whole, and keeps its rights", async () => {
  await chmod(file, 0o664);
  const { ino } = await stat(file);
  await writeStackFile(file, { before: "config: {}\n", text: "config: { a: 1 }\n" });
  expect(await readFile(file, "utf8")).toBe("config: { a: 1 }\n");
  const now = await stat(file);
  expect(now.mode & 0o777).toBe(0o664);
  expect(now.ino).not.toBe(ino); // a write in place loses the file where the disk is full
  expect(await readdir(folder)).toEqual(["Pulumi.prod.yaml"]);
});

it("writes to the file to which a link leads", async () => {
  await mkdir(join(folder, "checkout"));
  const path = join(folder, "checkout", "Pulumi.prod.yaml");
  await symlink(file, path);
  await writeStackFile(path, { before: "config: {}\n", text: "config: { a: 1 }\n" });
  expect((await lstat(path)).isSymbolicLink()).toBe(true);
  expect(await readFile(file, "utf8")).toBe("config: { a: 1 }\n");
});

it("keeps a change that somebody else made in the meantime", async () => {
  await writeFile(file, "config: { b: 2 }\n");
  await expect(writeStackFile(file, { before: "config: {}\n", text: "config: { a: 1 }\n" })).rejects.toThrow(
    "Pulumi.prod.yaml: was changed by something else in the meantime; run the command again",
  );
  expect(await readFile(file, "utf8")).toBe("config: { b: 2 }\n");
  expect(await readdir(folder)).toEqual(["Pulumi.prod.yaml"]);
});
