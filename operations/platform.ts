import type { Progress } from "../local/progress.ts";
import { platformOutputsSchema, type PlatformOutputs } from "../stacks/platform-outputs.ts";
import { ROOT } from "./root.ts";
import { prepareTarget } from "./prepare-target.ts";
import { loadStackFile, type StackFile } from "./stack/load-stack-file.ts";
import { openStack } from "./stack/open-stack.ts";
import type { StackRunner, StackView } from "./stack/stack-runner.ts";
import { connectTarget, planTarget, type Target, type TargetFlags, type TargetPlan } from "./target.ts";

export type PlatformFlags = TargetFlags;

/** What an operation gets from its caller: a command line, a console, a test. */
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
  stackName: string;
  /** The file of the stack, as it is now. */
  stackFile(): Promise<StackFile>;
  /** Brings the stack to what config and registry say now, and shows what changed. */
  deploy(title: string): Promise<void>;
  /** Throws where the stack was never deployed, or its outputs are of another version of Slipway. */
  outputs(): Promise<PlatformOutputs>;
}

/** Starts what is missing and opens the platform. */
export async function preparePlatform(flags: PlatformFlags, caller: Caller): Promise<Platform> {
  const { root = ROOT, env = process.env, progress } = caller;
  await prepareTarget(await planTarget(root, flags, env), progress);
  return openPlatform(flags, caller);
}

/** Opens a platform that runs. Throws where there is no way to its cluster. */
export async function openPlatform(flags: PlatformFlags, caller: Caller): Promise<Platform> {
  const { root = ROOT, env = process.env, progress } = caller;
  const plan = await planTarget(root, flags, env);
  const target = await connectTarget(plan, env);
  const stack = await stackOn(plan, flags.stack, caller);
  return {
    ...target,
    stack,
    stackName: flags.stack,
    stackFile: () => loadStackFile(root, flags.stack),
    deploy: (title) => deployStack(stack, title, progress),
    outputs: async () => readOutputs(flags.stack, await stack.outputs()),
  };
}

/** The runner of a stack. It needs no cluster: what a stack of a cloud makes includes its cluster. */
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

/** Brings a stack up as a named step, which says where nothing changed. */
export function deployStack(stack: StackRunner, title: string, progress: Progress): Promise<void> {
  return progress.step(title, async (step) => {
    const { counts } = await stack.up();
    const changed = Object.entries(counts).filter(
      ([operation, count]) => operation !== "same" && operation !== "refresh" && count > 0,
    );
    if (changed.length === 0) step.cached("nothing to change");
  });
}

/** The outputs of a stack as operations read them. Throws, with the way out, where they cannot be read. */
export function readOutputs(stack: string, outputs: Readonly<Record<string, unknown>>): PlatformOutputs {
  const again = `npm run up${stack === "dev" ? "" : ` -- --stack ${stack}`}`;
  if (Object.keys(outputs).length === 0)
    throw new Error(`stack ${stack} has no outputs: no deployment of it has ended well; run ${again}`);
  const parsed = platformOutputsSchema.safeParse(outputs);
  if (parsed.success) return parsed.data;
  const keys = [...new Set(parsed.error.issues.map(({ path }) => String(path[0] ?? "")))];
  throw new Error(
    `stack ${stack} was deployed by another version of Slipway (outputs that differ: ${keys.join(", ")}); run ${again}`,
  );
}
