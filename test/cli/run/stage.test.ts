import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { stage } from "../../../cli/run/stage.ts";
import { WrongRequest } from "../../../operations/wrong-request.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "slipway-stage-"));
});
afterEach(() => rm(folder, { recursive: true }));

it.each([
  ["a file", "file", "must be a folder, a file is there"],
  ["what is below a file", "file/context", "must be a folder, a file is there"],
  ["a folder with files", ".", "must be a new or an empty folder"],
  ["a link to a folder with files", "link", "must be a new or an empty folder"],
])("refuses to stage over %s, and leaves it as it is", async (_title, path, rule) => {
  await writeFile(join(folder, "file"), "precious");
  await symlink(folder, join(folder, "link"));
  const refused = stage({ out: join(folder, path), arch: "x64" });
  await expect(refused).rejects.toThrow(WrongRequest);
  await expect(refused).rejects.toThrow(rule);
  expect(await readFile(join(folder, "file"), "utf8")).toBe("precious");
  expect(await readdir(folder)).toEqual(["file", "link"]);
});

it("follows a link to an empty folder, which stays", async () => {
  await mkdir(join(folder, "empty"));
  await symlink(join(folder, "empty"), join(folder, "link"));
  await stage({ out: join(folder, "link"), arch: "x64" });
  expect(await readdir(join(folder, "empty"))).toContain("dist");
  expect((await readdir(folder)).sort()).toEqual(["empty", "link"]);
});
