import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { credentialsFor } from "../runtime/artifacts/credentials.ts";
import { registryClient, type RegistryClient } from "../runtime/artifacts/registry-client.ts";

export interface RegistryAddress {
  /** Base URL, with the prefix. */
  url: string;
  /** Path of a Docker `config.json` with its credentials. @default - the user's own */
  credentialsFile?: string;
  /** Hosts whose credentials are tried, in this order. @default - the host of the URL */
  credentialHosts?: readonly string[];
  /** Tries after the first, where the registry does not answer. @default 4 */
  retries?: number;
  /** Longest wait for an answer. @default - none */
  timeoutMs?: number;
}

/** The Docker config of the user, where `docker login` writes. */
export function userDockerConfig(env: NodeJS.ProcessEnv): string {
  return join(env["DOCKER_CONFIG"] ?? join(homedir(), ".docker"), "config.json");
}

/** A client with the first credentials that the Docker config has for the registry, or without any. */
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
