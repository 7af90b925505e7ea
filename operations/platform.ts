import type { Progress } from "../local/progress.ts";
import { platformOutputsSchema, type PlatformOutputs } from "../stacks/platform-outputs.ts";
import { commandFor } from "./command-for.ts";
import { ROOT } from "./root.ts";
import { OtherVersion } from "./other-version.ts";
import { foundationRequest } from "./foundation-request.ts";
import { prepareTarget } from "./prepare-target.ts";
import { loadStackFile, type StackFile } from "./stack/load-stack-file.ts";
import { openStack } from "./stack/open-stack.ts";
import { platformsOn } from "./stack/platforms-on.ts";
import type { StackRunner, StackView } from "./stack/stack-runner.ts";
import { connectTarget, planTarget, type Target, type TargetFlags, type TargetPlan } from "./target.ts";

export type PlatformFlags = TargetFlags;

/** The surroundings of an operation, from its caller: a command, a console, a test. */
export interface Caller {
  progress: Progress;
  view: StackView;
  /** @default the environment of this process */
  env?: NodeJS.ProcessEnv;
  /** Folder of Pulumi.yaml. @default - this repository */
  root?: string;
  /** Whether a deployment compares the stack with its cluster first. @default true */
  refresh?: boolean;
}

/** A stack and the cluster and registry that it runs on. */
export interface Platform extends Target {
  stack: StackRunner;
  /** The flags with which it was opened: further commands need the same. */
  flags: TargetFlags;
  /** The file of the stack, as it is now. */
  stackFile(): Promise<StackFile>;
  /** Deploys the stack with the config and the tags of the registry as they are now, and shows the changes. */
  deploy(title: string): Promise<void>;
  /** Reads the outputs. Throws where the stack was never deployed, or by another version of Slipway. */
  outputs(): Promise<PlatformOutputs>;
}

/** Starts the missing parts of the platform, and opens it. */
export async function preparePlatform(flags: PlatformFlags, caller: Caller): Promise<Platform> {
  const { root = ROOT, env = process.env, progress } = caller;
  await prepareTarget(await planTarget(root, flags, env), progress);
  return openPlatform(flags, caller);
}

/** Opens a running platform. Throws where its cluster cannot be reached. */
export async function openPlatform(flags: PlatformFlags, caller: Caller): Promise<Platform> {
  const { root = ROOT, env = process.env, progress } = caller;
  const plan = await planTarget(root, flags, env);
  if (plan.layer === "foundation") throw foundationRequest(flags.stack, await platformsOn(root, flags.stack));
  const target = await connectTarget(plan, env, progress.note);
  const stack = await stackOn(plan, flags.stack, caller);
  return {
    ...target,
    stack,
    flags,
    stackFile: () => loadStackFile(root, flags.stack),
    deploy: (title) => deployStack(stack, title, progress),
    outputs: async () => readOutputs(flags.stack, await stack.outputs()),
  };
}

/** Opens the runner of a stack. It needs no cluster: a stack of a cloud creates its own. */
export function stackOn(plan: TargetPlan, stack: string, caller: Caller): Promise<StackRunner> {
  const { root = ROOT, env = process.env, view, refresh } = caller;
  return openStack({
    projectDir: root,
    stack,
    config: plan.config,
    env,
    view,
    ...(plan.kubeconfig === undefined ? {} : { kubeconfig: plan.kubeconfig }),
    ...(refresh === undefined ? {} : { refresh }),
  });
}

/** Deploys a stack as a named step, and notes where nothing changed. */
export function deployStack(stack: StackRunner, title: string, progress: Progress): Promise<void> {
  return progress.step(title, async (step) => {
    const { counts } = await stack.up();
    const changed = Object.entries(counts).filter(
      ([operation, count]) => operation !== "same" && operation !== "refresh" && count > 0,
    );
    if (changed.length === 0) step.cached("nothing to change");
  });
}

/** Parses the outputs of a stack for operations. Throws an error with the fix where they cannot be parsed. */
export function readOutputs(stack: string, outputs: Readonly<Record<string, unknown>>): PlatformOutputs {
  const again = commandFor("up", { stack });
  if (Object.keys(outputs).length === 0)
    throw new Error(`stack ${stack} has no outputs: no deployment of it has ended well; run ${again}`);
  const parsed = platformOutputsSchema.safeParse(outputs);
  if (parsed.success) return parsed.data;
  const keys = [...new Set(parsed.error.issues.map(({ path }) => String(path[0] ?? "")))];
  throw new OtherVersion(stack, { keys, deploy: again });
}
