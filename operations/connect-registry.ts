import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import {
  credentialsFor,
  type Credentials,
  type CredentialsSource,
} from "../runtime/artifacts/credentials.ts";
import { renewingCredentials } from "../runtime/artifacts/renewing-credentials.ts";
import { registryClient, type RegistryClient } from "../runtime/artifacts/registry-client.ts";

export interface RegistryAddress {
  /** Base URL, with the prefix. */
  url: string;
  /** Path of a Docker `config.json` with the credentials. @default - the user's own */
  credentialsFile?: string;
  /** Gets credentials if the Docker config has none, or old ones. @default - the registry is asked without credentials */
  login?: () => Promise<Credentials>;
  /** Called before each login, which may take a while, with a line for a person. @default - no line */
  note?: (line: string) => void;
  /** Hosts whose credentials are tried, in this order. @default - the host of the URL */
  credentialHosts?: readonly string[];
  /** Retries where the registry does not answer. @default 4 */
  retries?: number;
  /** Longest wait for an answer. @default - none */
  timeoutMs?: number;
}

/** Returns the path of the Docker config of the user, which `docker login` writes. */
export function userDockerConfig(env: NodeJS.ProcessEnv): string {
  return join(env["DOCKER_CONFIG"] ?? join(homedir(), ".docker"), "config.json");
}

/** Time after which the client logs in again, in milliseconds. Google's tokens last an hour, Azure's three, Amazon's twelve. */
const LOGIN_LASTS_MS = 45 * 60 * 1000;

/**
 * Opens a client of a registry, with the first credentials in the Docker config for it, those of its login, or none. Logs in again before
 * the token of the cloud expires, and when the registry refuses the credentials.
 */
export async function connectRegistry(
  { url, credentialsFile, login, note, credentialHosts, retries, timeoutMs }: RegistryAddress,
  env: NodeJS.ProcessEnv,
): Promise<RegistryClient> {
  const file = credentialsFile ?? userDockerConfig(env);
  const text = await readFile(file, "utf8").catch(() => undefined);
  const hosts = text === undefined ? [] : (credentialHosts ?? [new URL(url).host]);
  const written = (host: string): Credentials | undefined => {
    try {
      return credentialsFor(text ?? "", host, file);
    } catch (error) {
      if (login === undefined) throw error;
      return undefined; // a credential helper of Docker, which the login replaces
    }
  };
  const found = hosts.map(written).find((credentials) => credentials !== undefined);
  const credentials =
    login === undefined
      ? found
      : await loggedIn(found, () => {
          note?.(`Waiting for the command line of the cloud to log in to the registry ${new URL(url).host}`);
          return login();
        });
  return registryClient({
    url,
    ...(credentials === undefined ? {} : { credentials }),
    ...(retries === undefined ? {} : { retries }),
    ...(timeoutMs === undefined
      ? {}
      : { fetch: (input, init) => fetch(input, { ...init, signal: AbortSignal.timeout(timeoutMs) }) }),
  });
}

/** Uses the credentials of the Docker config until the registry refuses them, and then, or where there are none, those of the login. */
async function loggedIn(
  found: Credentials | undefined,
  login: () => Promise<Credentials>,
): Promise<CredentialsSource> {
  const ofLogin = renewingCredentials(async () => ({
    value: await login(),
    expiresAtMs: Date.now() + LOGIN_LASTS_MS,
  }));
  let written = found;
  if (written === undefined) await ofLogin(); // a person who is not logged in learns it at once
  return async (options) => {
    if (options?.renew === true) written = undefined;
    return written ?? ofLogin(options);
  };
}
