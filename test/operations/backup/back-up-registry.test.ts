import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { silentProgress } from "../../../local/progress.ts";
import { backUpRegistry } from "../../../operations/backup/back-up-registry.ts";
import type { RegistryClient } from "../../../runtime/artifacts/registry-client.ts";
import { RegistryError } from "../../../runtime/artifacts/registry-error.ts";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "empty-backup-"));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const backUp = (listTags: RegistryClient["listTags"], directory: string): Promise<unknown> =>
  backUpRegistry(silentProgress, {
    registry: { name: "registry.example.com", listTags } as RegistryClient,
    repositories: ["flights/models"],
    directory,
  });
const noTags = (): Promise<string[]> => Promise.resolve([]);
const noAnswer = (): Promise<string[]> =>
  Promise.reject(new RegistryError("list tags", "https://registry.example.com/v2/", undefined, ""));

test.each([
  ["the registry has nothing", noTags, "must have artifacts of the stack's workloads"],
  ["the registry does not answer", noAnswer, "no answer"],
])("leaves no folder where %s", async (_, listTags, message) => {
  await expect(backUp(listTags, join(root, "new", "backup"))).rejects.toThrow(message);
  expect(await readdir(root)).toEqual([]);
});

test("leaves an empty folder empty where the registry has nothing", async () => {
  const directory = join(root, "mounted");
  await mkdir(join(directory, "lost+found"), { recursive: true });
  await expect(backUp(noTags, directory)).rejects.toThrow("must have artifacts");
  expect(await readdir(directory)).toEqual(["lost+found"]);
});
