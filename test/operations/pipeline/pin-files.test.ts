import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { pinFiles } from "../../../operations/pipeline/pin-files.ts";
import { digestOf } from "../../../runtime/artifacts/digest.ts";
import { registryClient } from "../../../runtime/artifacts/registry-client.ts";
import { findSource, publishSource } from "../../../runtime/sources/source-artifact.ts";
import { fakeRegistry } from "../../runtime/support/fake-registry.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "pin-files-"));
  await mkdir(join(folder, "data"));
  await writeFile(join(folder, "data/loans.csv"), "id\n1\n");
  await writeFile(join(folder, "workload.ts"), "");
});
afterEach(() => rm(folder, { recursive: true }));

const files = (...patterns: string[]): Parameters<typeof pinFiles>[0] => ({ kind: "files", files: patterns });

it("takes the digest and the size of each file as it is on disk", async () => {
  const pinned = await pinFiles(files("data/*.csv", "data/loans.csv"), folder);
  expect(pinned).toEqual({
    kind: "files",
    files: [{ name: "data/loans.csv", digest: digestOf("id\n1\n"), size: 5 }],
  });
  await writeFile(join(folder, "data/loans.csv"), "id\n2\n");
  expect(await pinFiles(files("data/*.csv"), folder)).not.toEqual(pinned);
});

it("follows a link to a file that lies elsewhere", async () => {
  await writeFile(join(folder, "large.csv"), "id\n3\n");
  await symlink(join(folder, "large.csv"), join(folder, "data/linked.csv"));
  const pinned = await pinFiles(files("data/linked.csv"), folder);
  expect(pinned.files).toEqual([{ name: "data/linked.csv", digest: digestOf("id\n3\n"), size: 5 }]);
});

it("refuses a pattern without a file, by the folder", async () => {
  await expect(pinFiles(files("data/*.parquet"), folder)).rejects.toThrow(
    `source.files: must match a file in ${folder}, got data/*.parquet`,
  );
});

it("gives a source that is pushed once, and again only with another content", async () => {
  const server = await fakeRegistry();
  const registry = registryClient({ url: server.url });
  const definition = async (): Promise<Parameters<typeof findSource>[1]> => ({
    workload: "loans",
    source: await pinFiles(files("data/*.csv"), folder),
  });
  const first = await definition();
  expect(await findSource(registry, first)).toBeUndefined();
  const reference = await publishSource(registry, folder, first);
  expect(await findSource(registry, first)).toBe(reference);
  await writeFile(join(folder, "data/loans.csv"), "id\n2\n");
  expect(await findSource(registry, await definition())).toBeUndefined();
  await expect(publishSource(registry, folder, first)).rejects.toThrow(
    `loans: source file data/loans.csv must have digest ${digestOf("id\n1\n")}, got ${digestOf("id\n2\n")}`,
  );
  await server.close();
});
