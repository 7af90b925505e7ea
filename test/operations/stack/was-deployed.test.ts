import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { stackPaths } from "../../../local/engine/state/backend.ts";
import { wasDeployed } from "../../../operations/stack/was-deployed.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "slipway-deployed-"));
  await writeFile(join(folder, "Pulumi.yaml"), "name: tiny\nruntime: nodejs\n");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const asked = (): Promise<boolean | undefined> =>
  wasDeployed({ projectDir: folder, stack: "prod", env: { PULUMI_BACKEND_URL: `file://${folder}` } });

async function state(resources: object[]): Promise<void> {
  const { stateFile } = stackPaths(folder, "tiny", "prod");
  await mkdir(dirname(stateFile), { recursive: true });
  const latest = { manifest: { time: "2026-11-30T00:00:00Z", magic: "", version: "" }, resources };
  await writeFile(stateFile, JSON.stringify({ version: 3, checkpoint: { stack: "prod", latest } }));
}

test("a stack without a state was not deployed", async () => {
  expect(await asked()).toBe(false);
});

test("a stack whose resources were all deleted is as one that was never deployed", async () => {
  await state([]);
  expect(await asked()).toBe(false);
});

test("a stack with resources was deployed", async () => {
  await state([
    {
      urn: "urn:pulumi:prod::tiny::pulumi:pulumi:Stack::tiny-prod",
      custom: false,
      type: "pulumi:pulumi:Stack",
    },
  ]);
  expect(await asked()).toBe(true);
});

test("a remote backend that cannot be asked gives no error", async () => {
  const env = { PULUMI_BACKEND_URL: "s3://nowhere" };
  expect(await wasDeployed({ projectDir: folder, stack: "prod", env })).toBeUndefined();
});
