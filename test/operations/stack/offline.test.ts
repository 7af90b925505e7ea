import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ROOT } from "../../../operations/root.ts";
import { offlineRunner } from "../../../operations/stack/offline.ts";
import { temporaryFolder } from "../../local/engine/scripted-run.ts";

it("leaves nothing behind where it only reads a stack that was never deployed", async () => {
  const folder = join(temporaryFolder(), "pulumi");
  const refuse = (): never => {
    throw new Error("a read needs no terminal");
  };
  const runner = offlineRunner({
    projectDir: ROOT,
    stack: "dev",
    config: {},
    env: { PULUMI_BACKEND_URL: `file://${folder}` },
    view: { display: refuse, write: refuse, interruptible: refuse },
  });
  expect(await runner.outputs()).toEqual({});
  expect(await runner.resourceCount()).toBe(0);
  expect(existsSync(folder)).toBe(false);
});
