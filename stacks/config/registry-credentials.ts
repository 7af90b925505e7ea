import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { cloudCredentials } from "../../runtime/artifacts/cloud/cloud-credentials.ts";
import {
  credentialsFor,
  type Credentials,
  type CredentialsSource,
} from "../../runtime/artifacts/credentials.ts";
import { UserError } from "./user-error.ts";

export interface RegistryCredentials {
  /** The credentials, or a function that gets new ones; undefined if there are none. */
  credentials: Credentials | CredentialsSource | undefined;
  /** File or program that the credentials are from, for errors. */
  source: string;
}

export interface CredentialsOptions {
  /** Base URL of the registry. */
  url: string;
  /** Text of the stack's own `credentialsFile`. @default - the credentials of the machine that runs the program */
  dockerConfig?: string | undefined;
  env: NodeJS.ProcessEnv;
  /** Runs `docker-credential-NAME get` for a host. @default - starts the program */
  runHelper?: (name: string, host: string) => Promise<string>;
}

const HELPER_TIMEOUT_MS = 10_000;

const helpersSchema = z.object({
  credHelpers: z.record(z.string(), z.string()).default({}),
  credsStore: z.string().optional(),
});
/** Output of a helper. @see https://docs.docker.com/reference/cli/docker/login/#credential-helper-protocol */
const helperAnswerSchema = z.object({ Username: z.string(), Secret: z.string() });

/**
 * Finds the credentials for reading tags of the registry: those of the stack; else those that `docker login` or a credential
 * helper keeps on this machine; else the identity in the registry's cloud that the environment names, as in a CI run.
 */
export async function registryCredentials(options: CredentialsOptions): Promise<RegistryCredentials> {
  const { url, dockerConfig, env, runHelper = runCredentialHelper } = options;
  const { host } = new URL(url);
  if (dockerConfig !== undefined) {
    const source = "slipway:registry.credentialsFile";
    return { credentials: credentialsFor(dockerConfig, host, source), source };
  }
  const path = join(env["DOCKER_CONFIG"] ?? join(env["HOME"] ?? homedir(), ".docker"), "config.json");
  const text = await readFile(path, "utf8").catch(() => undefined);
  const helper = text === undefined ? undefined : helperOf(text, host);
  if (helper !== undefined) {
    const { Username: username, Secret: password } = helperAnswerSchema.parse(
      JSON.parse(await runHelper(helper, host)),
    );
    return { credentials: { username, password }, source: `docker-credential-${helper}` };
  }
  const own = text === undefined ? undefined : credentialsFor(text, host, path);
  return { credentials: own ?? cloudCredentials(host, env, fetch), source: path };
}

/** Returns the credential helper of a Docker config for a host. The helper for all hosts counts only if `docker login` to the host was run. */
function helperOf(text: string, host: string): string | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined; // `credentialsFor` refuses it
  }
  const parsed = helpersSchema.safeParse(json);
  if (!parsed.success) return undefined;
  const { credHelpers, credsStore } = parsed.data;
  const auths = (json as { auths?: Record<string, object> }).auths ?? {};
  const isLoggedIn = auths[host] !== undefined && Object.keys(auths[host]).length === 0;
  return credHelpers[host] ?? (isLoggedIn ? credsStore : undefined);
}

async function runCredentialHelper(name: string, host: string): Promise<string> {
  const running = promisify(execFile)(`docker-credential-${name}`, ["get"], { timeout: HELPER_TIMEOUT_MS });
  running.child.stdin?.end(host);
  try {
    return (await running).stdout;
  } catch (error) {
    throw new UserError(
      `docker-credential-${name}: must give credentials for ${host}, and failed; log in to the registry again, or pin the model with digest: "sha256:…"`,
      { cause: error },
    );
  }
}
