import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { keyOf, loadApiKeys, parseApiKeys } from "../../../runtime/serving/api-keys.ts";

const digest = (key: string): string => createHash("sha256").update(key).digest("hex");

test("accepts the keys whose digests it has, also two of one caller, and no other", () => {
  const keys = parseApiKeys({
    mobile: `${digest("old")}\n${digest("new")}\n`,
    partner: `sha256:${digest("theirs").toUpperCase()}`,
  });
  expect(keys.callers).toEqual(["mobile", "partner"]);
  for (const key of ["old", "new", "theirs"]) expect(keys.accepts(key), key).toBe(true);
  for (const key of ["", "other", "old ", digest("old"), "x".repeat(300)])
    expect(keys.accepts(key)).toBe(false);
});

test("accepts nothing without a digest, and names callers whose text is none", () => {
  const keys = parseApiKeys({ mobile: "a-key-in-plain-text", partner: "" });
  expect(keys).toMatchObject({ callers: [], invalid: ["mobile"] });
  expect(keys.accepts("a-key-in-plain-text")).toBe(false);
  expect(keys.accepts("")).toBe(false);
});

test.each<[string, Record<string, string>, string | undefined]>([
  ["x-api-key", { "x-api-key": " k1 " }, "k1"],
  ["a bearer token", { authorization: "Bearer k2" }, "k2"],
  ["a scheme in any case", { authorization: "bearer  k3 " }, "k3"],
  ["x-api-key before a bearer token", { "x-api-key": "k1", authorization: "Bearer k2" }, "k1"],
  ["no header", {}, undefined],
  ["another scheme", { authorization: "Basic azE6azI=" }, undefined],
  ["a bearer token of two words", { authorization: "Bearer a b" }, undefined],
])("the key of a request with %s", (_, headers, key) => {
  expect(keyOf(headers)).toBe(key);
});

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "api-keys-"));
});
afterAll(() => rm(folder, { recursive: true }));

test("reads a mounted Secret as the kubelet lays it out", async () => {
  await mkdir(join(folder, "..2026_11_30"));
  await writeFile(join(folder, "..2026_11_30", "mobile"), digest("k"));
  await symlink("..2026_11_30", join(folder, "..data"));
  await symlink("..data/mobile", join(folder, "mobile"));
  const keys = await loadApiKeys(folder);
  expect(keys.callers).toEqual(["mobile"]);
  expect(keys.accepts("k")).toBe(true);
});

test("a folder that does not exist yet has no keys", async () => {
  expect((await loadApiKeys(join(folder, "later"))).callers).toEqual([]);
});
