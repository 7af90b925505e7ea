import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { home } from "../../local/home.ts";
import { BackendError } from "./backend-error.ts";
import { backendPassphrase } from "./passphrase.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** The store of the stacks' state: a folder, or a remote store that only the pulumi CLI reads. */
export type Backend = { kind: "folder"; folder: string } | { kind: "remote"; url: string };

/** Schemes of the remote stores that the pulumi CLI knows. */
const REMOTE_SCHEMES = ["s3://", "gs://", "azblob://", "postgres://", "https://", "http://"];

/**
 * Returns the backend that the environment names, or else the folder beside the local platform. Throws BackendError on a URL that the
 * pulumi CLI does not know either.
 */
export function findBackend(env: Env): Backend {
  const url = env["PULUMI_BACKEND_URL"];
  if (url !== undefined && url !== "") {
    if (url.startsWith("file://")) return { kind: "folder", folder: folderOf(url) };
    const shown = withoutCredentials(url);
    if (REMOTE_SCHEMES.some((scheme) => url.startsWith(scheme))) return { kind: "remote", url: shown };
    throw new BackendError(
      `PULUMI_BACKEND_URL: must start with file:// or ${REMOTE_SCHEMES.join(", ")}, got ${JSON.stringify(shown)}`,
      "correct it, or unset it for the folder of the local platform",
    );
  }
  if (env["PULUMI_ACCESS_TOKEN"] !== undefined) return { kind: "remote", url: "Pulumi Cloud" };
  return { kind: "folder", folder: home("pulumi") };
}

/** Returns the folder of a `file://` URL. `~` is the folder of the user, as for the pulumi CLI. */
function folderOf(url: string): string {
  return url.slice("file://".length).replace(/^~(?=\/|$)/, homedir());
}

/** Returns the URL without user, password and parameters, which may be keys. */
function withoutCredentials(url: string): string {
  return url.replace(/\/\/.*@/, "//").replace(/[?#].*/s, "");
}

/** Returns the folder of the backend. Throws BackendError where the backend is remote. */
export function backendFolder(env: Env): string {
  const backend = findBackend(env);
  if (backend.kind === "folder") return backend.folder;
  throw stateNeedsCli(backend.url);
}

/** Returns the error for a state that the offline engine cannot read. */
export function stateNeedsCli(url: string): BackendError {
  return new BackendError(
    `the state is in ${url}, which only the pulumi CLI reads`,
    "install the pulumi CLI, or unset PULUMI_BACKEND_URL and PULUMI_ACCESS_TOKEN",
  );
}

/** Returns the folder of the backend if it exists, and undefined where the backend is remote. A preview does not create it. */
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
