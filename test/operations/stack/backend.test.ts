import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  backendFolder,
  cliBackendEnvironment,
  existingBackend,
  findBackend,
  knownPassphrase,
} from "../../../operations/stack/backend.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "slipway-backend-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe("findBackend", () => {
  it.each([
    ["a folder", { PULUMI_BACKEND_URL: "file:///state" }, { kind: "folder", folder: "/state" }],
    ["the folder of the user", { PULUMI_BACKEND_URL: "file://~" }, { kind: "folder", folder: homedir() }],
    [
      "a folder in the folder of the user",
      { PULUMI_BACKEND_URL: "file://~/state" },
      { kind: "folder", folder: join(homedir(), "state") },
    ],
    ["a bucket", { PULUMI_BACKEND_URL: "s3://state" }, { kind: "remote", url: "s3://state" }],
    [
      "Pulumi Cloud where there is an access token",
      { PULUMI_ACCESS_TOKEN: "t" },
      { kind: "remote", url: "Pulumi Cloud" },
    ],
    [
      "the URL, even beside an access token",
      { PULUMI_BACKEND_URL: "file:///state", PULUMI_ACCESS_TOKEN: "t" },
      { kind: "folder", folder: "/state" },
    ],
  ])("takes %s", (_title, env, backend) => {
    expect(findBackend(env)).toEqual(backend);
  });

  it("takes the folder of the local platform where the environment names none, or an empty URL", () => {
    expect(findBackend({})).toMatchObject({ kind: "folder" });
    expect(findBackend({ PULUMI_BACKEND_URL: "" })).toEqual(findBackend({}));
  });
});

it("refuses a backend that only the pulumi CLI reads, and shows no token", () => {
  expect(() => backendFolder({ PULUMI_BACKEND_URL: "gs://state" })).toThrow(
    /the state is in gs:\/\/state, which only the pulumi CLI reads: install the pulumi CLI, or unset/,
  );
  expect(() => backendFolder({ PULUMI_ACCESS_TOKEN: "pul-hunter2" })).toThrow(/^(?!.*hunter2)/);
});

it.each(["s3:/state", "/srv/state", "S3://state", "ftp://admin:hunter2@state"])(
  "refuses the URL %s, which no program reads",
  (url) => {
    const env = { PULUMI_BACKEND_URL: url };
    expect(() => findBackend(env)).toThrow(/^PULUMI_BACKEND_URL: must start with file:\/\/ or s3:\/\/, /);
    expect(() => existingBackend(env)).toThrow(/^(?!.*hunter2)/);
  },
);

it.each([
  "postgres://admin:hunter2@db:5432/state",
  "postgres://admin:hun/ter2@db:5432/state",
  "postgres://db:5432/state?user=admin&password=hunter2",
])("shows no credentials of %s", (url) => {
  expect(findBackend({ PULUMI_BACKEND_URL: url })).toEqual({
    kind: "remote",
    url: "postgres://db:5432/state",
  });
});

it("finds a folder for a preview only where it exists", async () => {
  const env = { PULUMI_BACKEND_URL: `file://${join(folder, "state")}` };
  expect(existingBackend(env)).toBeUndefined();
  await mkdir(join(folder, "state"));
  expect(existingBackend(env)).toBe(join(folder, "state"));
  expect(existingBackend({ PULUMI_BACKEND_URL: "s3://state" })).toBeUndefined();
});

describe("knownPassphrase", () => {
  it("makes no passphrase: a preview changes nothing", async () => {
    expect(await knownPassphrase(folder, {})).toBeUndefined();
    expect(await knownPassphrase(undefined, {})).toBeUndefined();
    await expect(stat(join(folder, "passphrase"))).rejects.toThrow("ENOENT");
  });

  it("takes the environment's before that of the folder", async () => {
    await writeFile(join(folder, "passphrase"), "of-the-folder\n");
    await writeFile(join(folder, "named"), "of-a-file\n");
    expect(await knownPassphrase(folder, {})).toBe("of-the-folder");
    expect(await knownPassphrase(folder, { PULUMI_CONFIG_PASSPHRASE: "p" })).toBe("p");
    const named = { PULUMI_CONFIG_PASSPHRASE_FILE: join(folder, "named") };
    expect(await knownPassphrase(folder, named)).toBe("of-a-file");
    expect(await knownPassphrase(undefined, named)).toBe("of-a-file");
  });
});

describe("cliBackendEnvironment", () => {
  it("makes a passphrase once, which only its owner can read", async () => {
    const env = { PULUMI_BACKEND_URL: `file://${folder}` };
    const first = await cliBackendEnvironment(env);
    expect(first).toEqual({
      PULUMI_BACKEND_URL: `file://${folder}`,
      PULUMI_CONFIG_PASSPHRASE: (await readFile(join(folder, "passphrase"), "utf8")).trim(),
    });
    expect((await stat(join(folder, "passphrase"))).mode & 0o777).toBe(0o600);
    expect(await cliBackendEnvironment(env)).toEqual(first);
  });

  it("leaves a backend of the CLI to the environment", async () => {
    expect(await cliBackendEnvironment({ PULUMI_BACKEND_URL: "s3://state" })).toEqual({});
  });
});
