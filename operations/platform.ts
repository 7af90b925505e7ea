import { dirname } from "node:path";
import { home } from "../local/home.ts";
import type { Progress } from "../local/progress.ts";
import { platformOutputsSchema, type PlatformOutputs } from "../stacks/platform-outputs.ts";
import { openStack } from "./stack/open-stack.ts";
import { backendPassphrase } from "./stack/passphrase.ts";
import type { StackRunner } from "./stack/stack-runner.ts";
import { findTarget, prepareTarget, type Target, type TargetFlags } from "./target.ts";

export const ROOT = dirname(import.meta.dirname);

export interface PlatformFlags extends TargetFlags {
  /** @default dev */
  stack: string;
}

/** One environment of the platform: where it runs and the stack that describes it. */
export interface Platform extends Target {
  stack: StackRunner;
  stackName: string;
  /** Brings the stack to what config and registry say now, and shows what changed. */
  deploy(title: string): Promise<void>;
  outputs(): Promise<PlatformOutputs>;
}

/** Starts what is missing and opens the platform. */
export async function preparePlatform(flags: PlatformFlags, progress: Progress): Promise<Platform> {
  return platformOn(await prepareTarget(flags, progress), flags, progress);
}

/** Opens a platform that runs. Throws where there is none. */
export async function openPlatform(flags: PlatformFlags, progress: Progress): Promise<Platform> {
  return platformOn(await findTarget(flags), flags, progress);
}

async function platformOn(target: Target, flags: PlatformFlags, progress: Progress): Promise<Platform> {
  const backendDir = backendFolder();
  const stack = await openStack({
    projectDir: ROOT,
    stack: flags.stack,
    backendDir,
    passphrase: await backendPassphrase(backendDir, process.env),
    config: target.config,
    kubeconfig: target.kubeconfig,
  });
  return {
    ...target,
    stack,
    stackName: flags.stack,
    deploy: (title) =>
      progress.step(title, async (step) => {
        const { counts } = await stack.up();
        const changed = Object.entries(counts).filter(
          ([operation, count]) => operation !== "same" && count > 0,
        );
        if (changed.length === 0) step.cached("nothing to change");
      }),
    outputs: async () => platformOutputsSchema.parse(await stack.outputs()),
  };
}

/** Root of the file backend that holds the state of the stacks. */
export function backendFolder(): string {
  const url = process.env["PULUMI_BACKEND_URL"];
  if (url === undefined) return home("pulumi");
  if (!url.startsWith("file://"))
    throw new Error(
      `PULUMI_BACKEND_URL: must be a file:// backend here, got ${url}; use the pulumi CLI for others`,
    );
  return url.slice("file://".length);
}
