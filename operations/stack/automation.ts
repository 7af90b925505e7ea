import { LocalWorkspace, type Stack } from "@pulumi/pulumi/automation/index.js";
import { z } from "zod";
import type { StackOptions, StackRunner, StackSummary } from "./stack-runner.ts";

/** Runs the stack with the pulumi CLI on the PATH, over a file backend. */
export async function automationRunner(options: StackOptions): Promise<StackRunner> {
  const stack = await LocalWorkspace.createOrSelectStack(
    { stackName: options.stack, workDir: options.projectDir },
    {
      envVars: {
        PULUMI_BACKEND_URL: `file://${options.backendDir}`,
        PULUMI_CONFIG_PASSPHRASE: options.passphrase,
        ...(options.kubeconfig === undefined ? {} : { KUBECONFIG: options.kubeconfig }),
      },
    },
  );
  for (const [key, value] of Object.entries(options.config)) await stack.setConfig(key, { value });
  const onOutput = (text: string): boolean => process.stdout.write(text);
  return {
    engine: "pulumi CLI",
    async preview() {
      const result = await stack.preview({ onOutput, diff: true });
      return { counts: counted(result.changeSummary), outputs: {} };
    },
    async up() {
      const result = await stack.up({ onOutput });
      return { counts: counted(result.summary.resourceChanges), outputs: await plainOutputs(stack) };
    },
    async destroy() {
      await stack.destroy({ onOutput });
    },
    outputs: () => plainOutputs(stack),
    async resourceCount() {
      const exported: { deployment: unknown } = await stack.exportStack();
      return z.object({ resources: z.array(z.unknown()).default([]) }).parse(exported.deployment).resources
        .length;
    },
  };
}

async function plainOutputs(stack: Stack): Promise<Record<string, unknown>> {
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
