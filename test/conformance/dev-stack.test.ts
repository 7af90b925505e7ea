import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { cliPreview } from "../../cli/preview/cli-preview.ts";
import { previewStacks } from "../../cli/preview/preview-stacks.ts";
import type { PreviewReport } from "../../cli/preview/report.ts";
import { lineDisplay } from "../../local/engine/display/line-display.ts";
import { lineProgress } from "../../local/progress.ts";
import { runCommand } from "../../local/run-command.ts";
import { readOutputs, stackOn } from "../../operations/platform.ts";
import { prepareTarget } from "../../operations/prepare-target.ts";
import { ROOT } from "../../operations/root.ts";
import { offlineRunner } from "../../operations/stack/offline.ts";
import type { StackRunner, StackSummary } from "../../operations/stack/stack-runner.ts";
import { wasDeployed } from "../../operations/stack/was-deployed.ts";
import { planTarget } from "../../operations/target.ts";
import { quietView } from "../operations/quiet-view.ts";
import { isChosen } from "./chosen-cases.ts";
import { openWorld } from "./world.ts";

const STACK = "dev";
const NEW_RESOURCES = 80;

const dev = { projectDir: ROOT, stack: STACK, env: process.env };
const isDeployed = await wasDeployed(dev);
if (isDeployed) console.warn("a platform stands already: it is left alone, and the dev stack is not tested");

describe.runIf(isChosen("dev-stack") && !isDeployed)(
  "the dev stack by the way of npm run up, with a pulumi CLI on the PATH",
  () => {
    let stack: StackRunner;
    let offline: StackRunner;
    let before: string;
    let output = "";

    beforeAll(async () => {
      before = await checkout();
      const world = await openWorld();
      const pulumiHome = await mkdtemp(path.join(tmpdir(), "slipway-pulumi-home-"));
      for (const [key, value] of Object.entries({ ...world.cliEnv, PULUMI_HOME: pulumiHome }))
        vi.stubEnv(key, value);
      const plan = await planTarget(ROOT, { stack: STACK }, process.env);
      await prepareTarget(plan, lineProgress());
      const write = (text: string): void => void (output += text);
      const view = { ...quietView, write, display: () => lineDisplay({ write }) };
      stack = await stackOn(plan, STACK, { progress: lineProgress(), view });
      const { config, kubeconfig = "" } = plan;
      offline = offlineRunner({ ...dev, config, kubeconfig, view });
      return async () => {
        await stack.destroy(); // does nothing after the last test
        await world.close();
        vi.unstubAllEnvs();
        await rm(pulumiHome, { recursive: true });
      };
    });

    it("comes up, with all its outputs", async () => {
      expect(stack.engine).toBe("pulumi CLI");
      const { counts } = await stack.up().catch((error: unknown) => {
        throw new Error(output, { cause: error });
      });
      expect(counts["create"]).toBeGreaterThan(NEW_RESOURCES);
      expect(readOutputs(STACK, await stack.outputs()).workloads).toEqual(["flight-delays"]);
      expect(await stack.resourceCount()).toBeGreaterThan(NEW_RESOURCES);
    });

    it("is planned without a change, and its policies find nothing that is mandatory", async () => {
      const { engine, totals, failed, policy } = await previewed();
      expect({ engine, failed }).toEqual({ engine: "pulumi CLI", failed: [] });
      expect(totals).toMatchObject({ create: 0, update: 0, replace: 0, delete: 0 });
      expect(policy?.packs.map(({ name }) => name)).toEqual(["slipway"]);
      expect(policy?.violations.filter(({ enforcement }) => enforcement === "mandatory")).toEqual([]);
    });

    it("has nothing to do the second time", async () => {
      expect(changes(await stack.up())).toEqual([]);
    });

    it("is taken over by the offline engine without a change, and destroyed", async () => {
      expect(changes(await offline.up())).toEqual([]);
      await offline.destroy();
      expect(await offline.resourceCount()).toBe(0);
    });

    it("is planned without a change where the offline engine made it, and destroyed", async () => {
      expect((await offline.up()).counts["create"]).toBeGreaterThan(NEW_RESOURCES);
      const { engine, totals, failed } = await previewed();
      expect({ engine, failed }).toEqual({ engine: "pulumi CLI", failed: [] });
      expect(totals).toMatchObject({ create: 0, update: 0, replace: 0, delete: 0 });
      await stack.destroy();
      expect(await stack.resourceCount()).toBe(0);
    });

    it("leaves the checkout as it was", async () => {
      expect(await checkout()).toBe(before);
    });
  },
);

/** Operations of a run that changed a resource. */
function changes({ counts }: StackSummary): string[] {
  return Object.keys(counts).filter((op) => !["same", "refresh"].includes(op) && (counts[op] ?? 0) > 0);
}

/** Plans the stack as `npm run preview` does. */
async function previewed(): Promise<PreviewReport> {
  const progress = lineProgress();
  const { env } = process;
  const { previews } = await previewStacks(
    {
      ...dev,
      backendDir: undefined,
      passphrase: undefined,
      refresh: true,
      withCli: (needs, run) =>
        cliPreview(needs, { projectDir: ROOT, offline: false, env, progress, refresh: true, ...run }),
    },
    progress,
  );
  const [preview] = previews;
  if (preview === undefined) throw new Error("no stack was planned");
  return preview.report;
}

/** Everything in which the checkout differs from its commit. */
async function checkout(): Promise<string> {
  const git = (...args: string[]): Promise<string> => runCommand("git", ["-C", ROOT, ...args]);
  return (await git("status", "--porcelain")) + (await git("diff", "HEAD"));
}
