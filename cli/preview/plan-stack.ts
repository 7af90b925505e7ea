import { preview, stackOutputs } from "../../local/engine/engine.ts";
import { runningServicesEnv } from "../../operations/stack/running-services.ts";
import type { Summary } from "../../local/engine/summary.ts";
import { projectPolicyPack, readPolicyConfig, type ProjectPolicyPack } from "./policy-pack.ts";
import type { StackNeeds } from "./stack-needs.ts";

export interface PlanOptions {
  /** Folder of Pulumi.yaml. */
  projectDir: string;
  /** Folder of the file backend. @default - no state */
  backendDir: string | undefined;
  /** Decrypts secrets of the config and of the state. @default - none, which is an error for a stack with secrets */
  passphrase: string | undefined;
  /** Planned resources to compare with, instead of the state. */
  from?: Summary["planned"];
  /** Stack config over that of the stack's file. @default none */
  config?: Readonly<Record<string, string>>;
  /** Path of the kubeconfig of the stack's cluster. @default - the environment's */
  kubeconfig?: string;
  /** Whether the policy pack of the project judges the plan. @default true */
  policies?: boolean;
  /** Whether the plan starts from the objects in the cluster instead of the state. @default false */
  refresh?: boolean;
  /** Stops the program. The plan is then rejected with the reason of the signal. @default - nothing stops it */
  signal?: AbortSignal;
}

/** Folder without any state. */
const NO_BACKEND = "/nonexistent/slipway-no-backend";

/** Plans a stack in the offline engine, without credentials and without the CLI. Reads the cluster if it can be reached. */
export async function planStack(needs: StackNeeds, options: PlanOptions): Promise<Summary> {
  const {
    projectDir,
    backendDir = NO_BACKEND,
    passphrase,
    kubeconfig,
    from,
    signal,
    policies = true,
    refresh = false,
  } = options;
  if (passphrase === undefined && needs.hasSecrets)
    throw new Error(
      `stack ${needs.stack}: Pulumi.${needs.stack}.yaml has secrets: set PULUMI_CONFIG_PASSPHRASE to the passphrase that encrypts them`,
    );
  const pack = policies ? projectPolicyPack(projectDir, needs.stack) : undefined;
  const stack = { projectDir, stack: needs.stack, backendDir, passphrase: passphrase ?? "" };
  // A comparison with a base does not depend on the running services.
  const running = from === undefined ? runningServicesEnv(await stackOutputs(stack)) : {};
  const planned = await preview({
    ...stack,
    config: { ...options.config },
    env: { ...process.env, ...running, ...(kubeconfig === undefined ? {} : { KUBECONFIG: kubeconfig }) },
    unreachableClusters: "plan",
    absentStacks: "plan",
    // The offline engine reads clusters, and no clouds.
    ...(refresh && from === undefined && needs.cluster === "existing"
      ? { refresh: true, takeBack: true }
      : {}),
    ...(pack === undefined ? {} : { policyPacks: [await withConfig(pack)] }),
    ...(from === undefined ? {} : { from }),
    ...(signal === undefined ? {} : { signal }),
  });
  signal?.throwIfAborted(); // an interrupted plan is none
  return planned;
}

async function withConfig({
  path,
  configFile,
}: ProjectPolicyPack): Promise<{ path: string; config?: Record<string, unknown> }> {
  return configFile === undefined ? { path } : { path, config: await readPolicyConfig(configFile) };
}
