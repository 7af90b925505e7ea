import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { lineDisplay } from "../../local/engine/display/line-display.ts";
import { lineProgress } from "../../local/progress.ts";
import { runCommand } from "../../local/run-command.ts";
import { readOutputs, stackOn } from "../../operations/platform.ts";
import { ROOT } from "../../operations/root.ts";
import { offlineRunner } from "../../operations/stack/offline.ts";
import type { StackRunner, StackSummary } from "../../operations/stack/stack-runner.ts";
import { wasDeployed } from "../../operations/stack/was-deployed.ts";
import { planTarget, type TargetFlags } from "../../operations/target.ts";
import { quietView } from "../operations/quiet-view.ts";
import { isChosen } from "./chosen-cases.ts";
import { openWorld } from "./world.ts";

export const STACK = "dev";
const NEW_RESOURCES = 80;

/** The cluster and the registry of a stack, ready for it. */
export interface StackTarget {
  /** The flags of `npm run up`. */
  flags: TargetFlags;
  /** Variables that the command has in its environment. */
  env: Record<string, string>;
  close: () => Promise<void>;
}

export interface WholeStack {
  /** Name of the test in `CONFORMANCE_CASES`. */
  name: Parameters<typeof isChosen>[0];
  title: string;
  /** Prepares the cluster and the registry, on the local cluster, which runs. */
  prepare: () => Promise<StackTarget>;
  /** Checks that a plan of the stack, which is deployed, has no change. @default - a second deployment shows it */
  checkPlan?: () => Promise<void>;
}

/**
 * Tests that the stack of `Pulumi.dev.yaml` comes up with the pulumi CLI, is deployed again without a change, and is taken over by the
 * offline engine and from it. A platform that stands already is left alone.
 */
export async function testWholeStack({ name, title, prepare, checkPlan }: WholeStack): Promise<void> {
  const isDeployed = await wasDeployed({ projectDir: ROOT, stack: STACK, env: process.env });
  if (isDeployed) console.warn(`a platform stands already: it is left alone, and ${name} is not tested`);

  describe.runIf(isChosen(name) && !isDeployed)(title, () => {
    let stack: StackRunner;
    let offline: StackRunner;
    let before: string;
    let output = "";

    beforeAll(async () => {
      before = await checkout();
      const world = await openWorld();
      const pulumiHome = await mkdtemp(path.join(tmpdir(), "slipway-pulumi-home-"));
      const target = await prepare();
      for (const [key, value] of Object.entries({
        ...world.cliEnv,
        ...target.env,
        PULUMI_HOME: pulumiHome,
      }))
        vi.stubEnv(key, value);
      const plan = await planTarget(ROOT, target.flags, process.env);
      const write = (text: string): void => void (output += text);
      const view = { ...quietView, write, display: () => lineDisplay({ write }) };
      stack = await stackOn(plan, STACK, { progress: lineProgress(), view });
      offline = offlineRunner({
        projectDir: ROOT,
        stack: STACK,
        env: process.env,
        config: plan.config,
        view,
        ...(plan.kubeconfig === undefined ? {} : { kubeconfig: plan.kubeconfig }),
      });
      return async () => {
        await stack.destroy(); // does nothing after the last test
        await target.close();
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

    it.runIf(checkPlan !== undefined)(
      "is planned without a change, and its policies find nothing that is mandatory",
      async () => checkPlan?.(),
    );

    it("has nothing to do the second time", async () => {
      expect(changes(await stack.up())).toEqual([]);
    });

    it("is taken over by the offline engine without a change, and destroyed", async () => {
      expect(changes(await offline.up())).toEqual([]);
      await offline.destroy();
      expect(await offline.resourceCount()).toBe(0);
    });

    it("is taken over without a change where the offline engine made it, and destroyed", async () => {
      expect((await offline.up()).counts["create"]).toBeGreaterThan(NEW_RESOURCES);
      if (checkPlan === undefined) expect(changes(await stack.up())).toEqual([]);
      else await checkPlan();
      await stack.destroy();
      expect(await stack.resourceCount()).toBe(0);
    });

    it("leaves the checkout as it was", async () => {
      expect(await checkout()).toBe(before);
    });
  });
}

/** Operations of a run that changed a resource. */
function changes({ counts }: StackSummary): string[] {
  return Object.keys(counts).filter((op) => !["same", "refresh"].includes(op) && (counts[op] ?? 0) > 0);
}

/** Everything in which the checkout differs from its commit. */
async function checkout(): Promise<string> {
  const git = (...args: string[]): Promise<string> => runCommand("git", ["-C", ROOT, ...args]);
  return (await git("status", "--porcelain")) + (await git("diff", "HEAD"));
}
