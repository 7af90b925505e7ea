import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { home } from "../../local/home.ts";
import { backendPassphrase } from "./passphrase.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** Where the state of the stacks is: a folder, or a place that only the pulumi CLI reads. */
export type Backend = { kind: "folder"; folder: string } | { kind: "remote"; url: string };

/** The backend that the environment names, or the folder beside the local platform. */
export function findBackend(env: Env): Backend {
  const url = env["PULUMI_BACKEND_URL"];
  if (url !== undefined && url !== "")
    return url.startsWith("file://")
      ? { kind: "folder", folder: url.slice("file://".length) }
      : { kind: "remote", url };
  if (env["PULUMI_ACCESS_TOKEN"] !== undefined) return { kind: "remote", url: "Pulumi Cloud" };
  return { kind: "folder", folder: home("pulumi") };
}

/** The folder of the backend. Throws where the backend is none. */
export function backendFolder(env: Env): string {
  const backend = findBackend(env);
  if (backend.kind === "folder") return backend.folder;
  throw new Error(
    `the state is in ${backend.url}, which only the pulumi CLI reads: install it, or unset PULUMI_BACKEND_URL and PULUMI_ACCESS_TOKEN`,
  );
}

/** The folder of the backend if it exists: a preview makes none. */
export function existingBackend(env: Env): string | undefined {
  const backend = findBackend(env);
  return backend.kind === "folder" && existsSync(backend.folder) ? backend.folder : undefined;
}

/** The passphrase of the backend's stacks as far as this machine knows it; makes none. */
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

/** Variables that tell the pulumi CLI where its backend is; empty where the environment names one that only it reads. */
export async function cliBackendEnvironment(env: NodeJS.ProcessEnv): Promise<Record<string, string>> {
  const backend = findBackend(env);
  if (backend.kind === "remote") return {};
  return {
    PULUMI_BACKEND_URL: `file://${backend.folder}`,
    PULUMI_CONFIG_PASSPHRASE: await backendPassphrase(backend.folder, env),
  };
}
