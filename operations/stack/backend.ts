import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { home } from "../../local/home.ts";
import { backendPassphrase } from "./passphrase.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** The store of the stacks' state: a folder, or a remote store that only the pulumi CLI reads. */
export type Backend = { kind: "folder"; folder: string } | { kind: "remote"; url: string };

/** Returns the backend that the environment names, or else the folder beside the local platform. */
export function findBackend(env: Env): Backend {
  const url = env["PULUMI_BACKEND_URL"];
  if (url !== undefined && url !== "")
    return url.startsWith("file://")
      ? { kind: "folder", folder: url.slice("file://".length) }
      : { kind: "remote", url };
  if (env["PULUMI_ACCESS_TOKEN"] !== undefined) return { kind: "remote", url: "Pulumi Cloud" };
  return { kind: "folder", folder: home("pulumi") };
}

/** Returns the folder of the backend. Throws where the backend is remote. */
export function backendFolder(env: Env): string {
  const backend = findBackend(env);
  if (backend.kind === "folder") return backend.folder;
  throw new Error(
    `the state is in ${backend.url}, which only the pulumi CLI reads: install it, or unset PULUMI_BACKEND_URL and PULUMI_ACCESS_TOKEN`,
  );
}

/** Returns the folder of the backend if it exists. A preview does not create it. */
export function existingBackend(env: Env): string | undefined {
  const backend = findBackend(env);
  return backend.kind === "folder" && existsSync(backend.folder) ? backend.folder : undefined;
}

/** Returns the passphrase of the backend's stacks: that of the environment, or else of the folder. Never creates one. */
export async function knownPassphrase(
  backendDir: string | undefined,
  env: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  const file = env["PULUMI_CONFIG_PASSPHRASE_FILE"];
  if (env["PULUMI_CONFIG_PASSPHRASE"] !== undefined) return env["PULUMI_CONFIG_PASSPHRASE"];
  if (file !== undefined) return (await readFile(file, "utf8")).trim();
  if (backendDir === undefined || !existsSync(join(backendDir, "passphrase"))) return undefined;
  return backendPassphrase(backendDir, env);
}

/** Returns variables that tell the pulumi CLI where its backend is. A remote backend is in its environment already. */
export async function cliBackendEnvironment(env: NodeJS.ProcessEnv): Promise<Record<string, string>> {
  const backend = findBackend(env);
  if (backend.kind === "remote") return {};
  return {
    PULUMI_BACKEND_URL: `file://${backend.folder}`,
    PULUMI_CONFIG_PASSPHRASE: await backendPassphrase(backend.folder, env),
  };
}
