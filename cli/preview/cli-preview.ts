import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import type { Progress } from "../../local/progress.ts";
import { openCliStack, passRunningServices } from "../../operations/stack/automation.ts";
import { hasPulumiCli } from "../../operations/stack/open-stack.ts";
import { withOverrides } from "../../operations/stack/with-overrides.ts";
import { withWarnings } from "./check-stack.ts";
import { chooseEngine } from "./choose-engine.ts";
import { planFromEvents } from "./cli-events.ts";
import { describePlan, type StackPreview } from "./compare-stack.ts";
import { projectPolicyPack } from "./policy-pack.ts";
import type { PreviewTarget } from "./preview-target.ts";
import type { StackNeeds } from "./stack-needs.ts";

/** Plans a stack with the pulumi CLI. Where the offline engine has to plan it, notes why and returns undefined. */
export async function cliPreview(
  needs: StackNeeds,
  options: {
    projectDir: string;
    offline: boolean;
    env: NodeJS.ProcessEnv;
    progress: Progress;
    target: PreviewTarget;
    /** Sentences for the report. */
    warnings: readonly string[];
    /** Whether the CLI asks the cluster and the cloud what has changed there. */
    refresh: boolean;
    /** Stops the CLI. @default - nothing stops it */
    signal?: AbortSignal;
  },
): Promise<StackPreview | undefined> {
  const { projectDir, offline, env, progress, target, warnings, refresh, signal } = options;
  const { engine, because } = chooseEngine(needs, { hasCli: await hasPulumiCli(), offline, env });
  if (because !== undefined) progress.note(`the offline engine plans ${needs.stack}: ${because}`);
  if (engine !== "pulumi CLI") return undefined;
  const { kubeconfig, config } = target;
  const stack = await openCliStack(
    { projectDir, stack: needs.stack, env, ...(kubeconfig === undefined ? {} : { kubeconfig }) },
    { create: false },
  );
  if (stack === undefined) {
    progress.note(
      `the offline engine plans ${needs.stack}: the backend has no such stack yet, and a preview makes none`,
    );
    return undefined;
  }
  await passRunningServices(stack);
  // By sequence: the SDK may read the file of an older CLI twice.
  const events = new Map<number, EngineEvent>();
  const pack = projectPolicyPack(projectDir, needs.stack);
  const started = performance.now();
  let failure: Error | undefined;
  try {
    await withOverrides({ projectDir, stack: needs.stack, config }, (configFile) =>
      stack.preview({
        diff: true,
        refresh,
        ...(signal === undefined ? {} : { signal }),
        onEvent: (event) => void events.set(event.sequence, event),
        configFile,
        ...(pack === undefined ? {} : { policyPacks: [pack.path] }),
        ...(pack?.configFile === undefined ? {} : { policyPackConfigs: [pack.configFile] }),
      }),
    );
  } catch (error) {
    signal?.throwIfAborted();
    failure = error instanceof Error ? error : new Error(String(error)); // what failed is in the events too
  }
  const plan = planFromEvents([...events.values()], performance.now() - started);
  const violated = plan.policy.violations.some(({ enforcement }) => enforcement === "mandatory");
  if (failure !== undefined && plan.failed.length === 0 && !violated) throw failure;
  return describePlan(needs, withWarnings(plan, warnings), {
    projectDir,
    engine: "pulumi CLI",
    against: "the state of the stack",
    compares: true,
  });
}
