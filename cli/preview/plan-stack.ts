import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { home } from "../../local/home.ts";
import { preview } from "../../local/engine/engine.ts";
import { PATHS } from "../../local/cluster/layout.ts";
import type { Summary } from "../../local/engine/summary.ts";
import { backendPassphrase } from "../../operations/stack/passphrase.ts";
import { findTarget } from "../../operations/target.ts";
import { projectPolicyPack, readPolicyConfig, type ProjectPolicyPack } from "./policy-pack.ts";
import type { StackNeeds } from "./stack-needs.ts";

export interface PlanOptions {
  /** Folder of Pulumi.yaml. */
  projectDir: string;
  /** Folder of the file backend. @default - no state */
  backendDir: string | undefined;
  /** Opens secrets of the config and of the state. @default - there is none, which is an error where there are secrets */
  passphrase: string | undefined;
  /** Planned resources to compare with, instead of the state. */
  from?: Summary["planned"];
  /** Stack config over that of the stack's file. */
  config?: Record<string, string>;
  /** Whether the policy pack of the project judges the plan. @default true */
  policies?: boolean;
  signal?: AbortSignal;
}

/** A folder that no state is in. */
const NO_BACKEND = "/nonexistent/slipway-no-backend";

/** Plans a stack in the offline engine: no credentials, no CLI, and no cluster unless there is one to ask. */
export async function planStack(needs: StackNeeds, options: PlanOptions): Promise<Summary> {
  const { projectDir, backendDir = NO_BACKEND, passphrase, from, signal, policies = true } = options;
  if (passphrase === undefined && needs.hasSecrets)
    throw new Error(
      `stack ${needs.stack}: Pulumi.${needs.stack}.yaml has secrets: set PULUMI_CONFIG_PASSPHRASE to what seals them`,
    );
  const pack = policies ? projectPolicyPack(projectDir, needs.stack) : undefined;
  const local = needs.isLocal && options.config === undefined ? await localTarget() : undefined;
  const kubeconfig = local?.kubeconfig;
  return preview({
    projectDir,
    stack: needs.stack,
    backendDir,
    passphrase: passphrase ?? "",
    config: options.config ?? local?.config ?? {},
    env: kubeconfig === undefined ? process.env : { ...process.env, KUBECONFIG: kubeconfig },
    unreachableClusters: "plan",
    ...(pack === undefined ? {} : { policyPacks: [await withConfig(pack)] }),
    ...(from === undefined ? {} : { from }),
    ...(signal === undefined ? {} : { signal }),
  });
}

async function withConfig({
  path,
  configFile,
}: ProjectPolicyPack): Promise<{ path: string; config?: Record<string, unknown> }> {
  return configFile === undefined ? { path } : { path, config: await readPolicyConfig(configFile) };
}

/** The cluster of this machine, if there is one: stacks with a local registry are its own. */
async function localTarget(): Promise<{ config: Record<string, string>; kubeconfig?: string } | undefined> {
  return existsSync(PATHS.kubeconfig()) ? findTarget({}) : undefined;
}

/** The folder of the file backend, if there is one: a preview makes none. */
export function existingBackend(env: NodeJS.ProcessEnv): string | undefined {
  const url = env["PULUMI_BACKEND_URL"];
  if (url !== undefined && !url.startsWith("file://")) return undefined; // only the CLI reads other backends
  const folder = url === undefined ? home("pulumi") : url.slice("file://".length);
  return existsSync(folder) ? folder : undefined;
}

/** What seals the secrets of the backend's stacks, as far as this machine knows it. */
export async function knownPassphrase(
  backendDir: string | undefined,
  env: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  if (backendDir !== undefined && existsSync(join(backendDir, "passphrase")))
    return backendPassphrase(backendDir, env);
  const file = env["PULUMI_CONFIG_PASSPHRASE_FILE"];
  return (
    env["PULUMI_CONFIG_PASSPHRASE"] ??
    (file === undefined ? undefined : (await readFile(file, "utf8")).trim())
  );
}
