import { LocalWorkspace, type EngineEvent } from "@pulumi/pulumi/automation/index.js";
import type { Progress } from "../../local/progress.ts";
import { backendFolder } from "../../operations/platform.ts";
import { hasPulumiCli } from "../../operations/stack/open-stack.ts";
import { backendPassphrase } from "../../operations/stack/passphrase.ts";
import { chooseEngine } from "./choose-engine.ts";
import { planFromEvents } from "./cli-events.ts";
import { describePlan, type StackPreview } from "./compare-stack.ts";
import { projectPolicyPack } from "./policy-pack.ts";
import type { StackNeeds } from "./stack-needs.ts";

/** Plans a stack with the pulumi CLI; undefined, once it has said why, where the offline engine has to. */
export async function cliPreview(
  needs: StackNeeds,
  options: { projectDir: string; offline: boolean; env: NodeJS.ProcessEnv; progress: Progress },
): Promise<StackPreview | undefined> {
  const { projectDir, offline, env, progress } = options;
  const { engine, because } = chooseEngine(needs, { hasCli: await hasPulumiCli(), offline, env });
  if (because !== undefined) progress.note(`the offline engine plans ${needs.stack}: ${because}`);
  if (engine !== "pulumi CLI") return undefined;
  const stack = await LocalWorkspace.createOrSelectStack(
    { stackName: needs.stack, workDir: projectDir },
    { envVars: await backendEnvironment(env) },
  );
  const events: EngineEvent[] = [];
  const pack = projectPolicyPack(projectDir, needs.stack);
  const started = performance.now();
  let failure: Error | undefined;
  try {
    await stack.preview({
      diff: true,
      onEvent: (event) => void events.push(event),
      ...(pack === undefined ? {} : { policyPacks: [pack.path] }),
      ...(pack?.configFile === undefined ? {} : { policyPackConfigs: [pack.configFile] }),
    });
  } catch (error) {
    failure = error instanceof Error ? error : new Error(String(error)); // what failed is in the events too
  }
  const plan = planFromEvents(events, performance.now() - started);
  const violated = plan.policy.violations.some(({ enforcement }) => enforcement === "mandatory");
  if (failure !== undefined && plan.failed.length === 0 && !violated) throw failure;
  return describePlan(needs, plan, {
    projectDir,
    engine: "pulumi CLI",
    against: "the state of the stack",
    compares: true,
  });
}

/** Where the CLI finds its backend: what the environment says, or the folder that the offline engine uses too. */
async function backendEnvironment(env: NodeJS.ProcessEnv): Promise<Record<string, string>> {
  const elsewhere = env["PULUMI_ACCESS_TOKEN"] !== undefined || env["PULUMI_BACKEND_URL"] !== undefined;
  if (elsewhere) return {};
  const folder = backendFolder();
  return {
    PULUMI_BACKEND_URL: `file://${folder}`,
    PULUMI_CONFIG_PASSPHRASE: await backendPassphrase(folder, env),
  };
}
