import {
  LocalWorkspace,
  StackNotFoundError,
  type LocalWorkspaceOptions,
  type Stack,
} from "@pulumi/pulumi/automation/index.js";
import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { Interrupted } from "../interrupted.ts";
import { cliBackendEnvironment } from "./backend.ts";
import type { StackOptions, StackRunner, StackSummary } from "./stack-runner.ts";
import { runningServicesEnv } from "./running-services.ts";
import { withOverrides } from "./with-overrides.ts";

/** Runs the stack with the pulumi CLI on the PATH. Only `up` creates the stack in the backend. */
export function automationRunner(options: StackOptions): StackRunner {
  const { refresh = true, view } = options;
  // With secrets, the CLI's history writes `encryptionsalt` to the stack's file.
  const run = { onOutput: (text: string) => view.write(text), showSecrets: false };
  return {
    engine: "pulumi CLI",
    up: () =>
      view.interruptible((signal) =>
        withOverrides(options, async (configFile) => {
          const stack = await openCliStack(options, { create: true });
          await passRunningServices(stack);
          const result = await finish("up", options.stack, signal, () =>
            stack.up({ ...run, refresh, signal, configFile }),
          );
          return { counts: counted(result.summary.resourceChanges) };
        }),
      ),
    destroy: () =>
      view.interruptible((signal) =>
        withOverrides(options, async (configFile) => {
          const stack = await openCliStack(options, { create: false });
          await finish("destroy", options.stack, signal, () =>
            Promise.resolve(stack?.destroy({ ...run, signal, configFile })),
          );
        }),
      ),
    async outputs() {
      const stack = await openCliStack(options, { create: false });
      return stack === undefined ? {} : plainOutputs(stack);
    },
    async resourceCount() {
      const stack = await openCliStack(options, { create: false });
      if (stack === undefined) return 0;
      return resourcesOf(stack);
    },
  };
}

/** Runs an operation of the CLI. Throws Interrupted where the person ended it: the CLI itself reports a failure then. */
async function finish<T>(
  operation: string,
  stack: string,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new Interrupted(`${operation} of stack ${stack} was interrupted: run it again, and it goes on`);
  }
}

/** Passes the services that run now to the program, in its environment. */
export async function passRunningServices(stack: Stack): Promise<void> {
  Object.assign(stack.workspace.envVars, runningServicesEnv(await plainOutputs(stack)));
}

/** Returns the number of resources in the state of a stack. */
export async function resourcesOf(stack: Stack): Promise<number> {
  const exported: { deployment: unknown } = await stack.exportStack();
  return z.object({ resources: z.array(z.unknown()).default([]) }).parse(exported.deployment).resources
    .length;
}

type CliStack = Pick<StackOptions, "projectDir" | "stack" | "kubeconfig" | "env">;

/** Opens the stack of the CLI. Undefined where the backend has no such stack and `create` is false. */
export function openCliStack(options: CliStack, how: { create: true }): Promise<Stack>;
export function openCliStack(options: CliStack, how: { create: false }): Promise<Stack | undefined>;
export async function openCliStack(
  { projectDir, stack: stackName, kubeconfig, env }: CliStack,
  { create }: { create: boolean },
): Promise<Stack | undefined> {
  const program = { stackName, workDir: projectDir };
  const workspace: LocalWorkspaceOptions = {
    envVars: {
      ...(await cliBackendEnvironment(env)),
      // The salt of the secrets is in the state: the stack's file needs none.
      PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER: "true",
      ...(kubeconfig === undefined ? {} : { KUBECONFIG: kubeconfig }),
    },
  };
  const found = await LocalWorkspace.selectStack(program, workspace).catch((error: unknown) => {
    if (error instanceof StackNotFoundError) return undefined;
    throw error;
  });
  if (found !== undefined || !create) return found;
  await createCliStack(projectDir, stackName, workspace);
  return LocalWorkspace.selectStack(program, workspace);
}

/** Creates a stack in the backend, from a copy of the project: `pulumi stack init` writes to the stack's file. */
async function createCliStack(
  projectDir: string,
  stackName: string,
  workspace: LocalWorkspaceOptions,
): Promise<void> {
  const workDir = await mkdtemp(join(tmpdir(), "slipway-project-"));
  try {
    for (const file of ["Pulumi.yaml", `Pulumi.${stackName}.yaml`])
      await copyFile(join(projectDir, file), join(workDir, file));
    await LocalWorkspace.createStack({ stackName, workDir }, workspace);
  } finally {
    await rm(workDir, { recursive: true, force: true });
  }
}

/** Returns the outputs of a stack; a secret is masked. */
export async function plainOutputs(stack: Stack): Promise<Record<string, unknown>> {
  const outputs = await stack.outputs();
  return Object.fromEntries(
    Object.entries(outputs).map(([name, { value, secret }]) => [
      name,
      secret ? "[secret]" : (value as unknown),
    ]),
  );
}

function counted(changes: Partial<Record<string, number>> | undefined): StackSummary["counts"] {
  return Object.fromEntries(
    Object.entries(changes ?? {}).map(([operation, count]) => [operation, count ?? 0]),
  );
}
