import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { credentialsFor } from "../runtime/artifacts/credentials.ts";
import { registryClient, type RegistryClient } from "../runtime/artifacts/registry-client.ts";

export interface RegistryAddress {
  /** Base URL, with the prefix. */
  url: string;
  /** Path of a Docker `config.json` with the credentials. @default - the user's own */
  credentialsFile?: string;
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

/** Opens a client of a registry, with the first credentials in the Docker config for it, or without credentials. */
export async function connectRegistry(
  { url, credentialsFile, credentialHosts, retries, timeoutMs }: RegistryAddress,
  env: NodeJS.ProcessEnv,
): Promise<RegistryClient> {
  const file = credentialsFile ?? userDockerConfig(env);
  const text = await readFile(file, "utf8").catch(() => undefined);
  const hosts = text === undefined ? [] : (credentialHosts ?? [new URL(url).host]);
  const credentials = hosts
    .map((host) => credentialsFor(text ?? "", host, file))
    .find((found) => found !== undefined);
  return registryClient({
    url,
    ...(credentials === undefined ? {} : { credentials }),
    ...(retries === undefined ? {} : { retries }),
    ...(timeoutMs === undefined
      ? {}
      : { fetch: (input, init) => fetch(input, { ...init, signal: AbortSignal.timeout(timeoutMs) }) }),
  });
}
