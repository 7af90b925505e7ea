import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { parse } from "yaml";
import { overridden, withOverrides } from "../../../operations/stack/with-overrides.ts";

const TEXT = `encryptionsalt: v1:abc
config:
  # The team's own.
  slipway:cluster: { kind: existing }
  slipway:alerts: { slackUrl: { secure: v1:x:y } }
`;
let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "slipway-overrides-"));
  await writeFile(join(root, "Pulumi.dev.yaml"), TEXT);
});
afterEach(() => rm(root, { recursive: true, force: true }));

const run = <T>(config: Record<string, string>, work: (file: string) => Promise<T>): Promise<T> =>
  withOverrides({ projectDir: root, stack: "dev", config }, work);

it("gives the CLI a copy with the config of this run, which only its owner reads and which is gone afterwards", async () => {
  let copy = "";
  await run({ "slipway:cluster": '{"kind":"existing","context":"c"}', "aws:region": "r" }, async (file) => {
    copy = file;
    expect((await stat(join(file, ".."))).mode & 0o777).toBe(0o700);
    expect(parse(await readFile(file, "utf8"))).toEqual({
      encryptionsalt: "v1:abc",
      config: {
        "slipway:cluster": { kind: "existing", context: "c" },
        "slipway:alerts": { slackUrl: { secure: "v1:x:y" } },
        "aws:region": "r",
      },
    });
  });
  await expect(stat(copy)).rejects.toThrow("ENOENT");
  expect(await readFile(join(root, "Pulumi.dev.yaml"), "utf8")).toBe(TEXT);
});

it("removes the copy where the run fails", async () => {
  let copy = "";
  await expect(
    run({ "a:b": "c" }, (file) => {
      copy = file;
      return Promise.reject(new Error("no"));
    }),
  ).rejects.toThrow("no");
  await expect(stat(copy)).rejects.toThrow("ENOENT");
});

it("copies the file as it is where nothing is overridden, because the CLI writes to the file that it gets", async () => {
  await run({}, async (file) => {
    expect(await readFile(file, "utf8")).toBe(TEXT);
    await writeFile(file, "encryptionsalt: v1:other\n");
  });
  expect(await readFile(join(root, "Pulumi.dev.yaml"), "utf8")).toBe(TEXT);
});

it("sets config in a file that has none", () => {
  expect(parse(overridden("", { "a:b": "1" }))).toEqual({ config: { "a:b": 1 } });
});
