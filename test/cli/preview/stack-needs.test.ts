import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { stackNeeds } from "../../../cli/preview/stack-needs.ts";
import { stacksOf } from "../../../stacks/config/stacks-of.ts";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "slipway-needs-"));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const write = (stack: string, text: string): Promise<void> =>
  writeFile(join(root, `Pulumi.${stack}.yaml`), text);
const LOCAL =
  "config:\n  slipway:registry: { kind: local, host: h, credentialsFile: /nowhere/auth.json }\n  slipway:images: { lockFile: images.dev.lock.json }\n";

it("lists the stacks of a folder, and refuses one that is not there", async () => {
  await write("prod", "");
  await write("dev", "");
  await writeFile(join(root, "Pulumi.yaml"), "");
  expect(await stacksOf(root)).toEqual(["dev", "prod"]);
  await expect(stackNeeds(root, "other")).rejects.toThrow(
    "--stack other: there is no Pulumi.other.yaml (stacks: dev, prod)",
  );
});

it("names each missing file with its line, its fix or the file of a similar name", async () => {
  await write("dev", LOCAL);
  const { missing, isLocal } = await stackNeeds(root, "dev");
  expect(isLocal).toBe(true);
  expect(missing).toEqual([
    {
      line: 3,
      path: "slipway:images.lockFile",
      message: "must name a file that can be read, got images.dev.lock.json (ENOENT)",
      fix: "npm run up builds the images",
    },
    {
      line: 2,
      path: "slipway:registry.credentialsFile",
      message: "must name a file that can be read, got /nowhere/auth.json (ENOENT)",
      fix: "npm run up starts the registry",
    },
  ]);
  await writeFile(join(root, "images.dv.lock.json"), "{}");
  expect((await stackNeeds(root, "dev")).missing[0]?.fix).toBe("did you mean images.dv.lock.json?");
  await writeFile(join(root, "images.dev.lock.json"), "{}");
  expect((await stackNeeds(root, "dev")).missing).toHaveLength(1);
});

it("reads a config of a wrong form without an error: the check of the whole file names its problems", async () => {
  await write(
    "dev",
    "config:\n  slipway:registry: local\n  slipway:images: { lckFile: x }\n  slipway:cluster: 7\n",
  );
  expect(await stackNeeds(root, "dev")).toMatchObject({ cluster: "existing", isLocal: false, missing: [] });
});

it("shows config as the CLI does, with what is sealed hidden", async () => {
  await write(
    "prod",
    "config:\n  slipway:cluster: { kind: eks }\n  slipway:alerts: { slackUrl: { secure: v1:a:b } }\n  aws:region: eu-central-1\n",
  );
  expect(await stackNeeds(root, "prod")).toMatchObject({
    cluster: "eks",
    hasSecrets: true,
    config: { "slipway:alerts": '{"slackUrl":"[secret]"}', "aws:region": "eu-central-1" },
  });
});
