import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { lineProgress } from "../../local/progress.ts";
import { credentialsFor } from "../../runtime/artifacts/credentials.ts";
import { registryClient, type RegistryClient } from "../../runtime/artifacts/registry-client.ts";
import { mirrorImages } from "../mirror/mirror-images.ts";
import { withRepositoryFix } from "../mirror/repository-fix.ts";
import { stackRegistry } from "../mirror/stack-registry.ts";
import { ROOT } from "../../operations/platform.ts";

/** Copies the upstream images of `images.sources.json` into the registry of a stack, and writes its lock file. */
export async function mirror({ stack }: { stack: string }): Promise<void> {
  const own = await stackRegistry(ROOT, stack);
  const dockerConfig = join(process.env["DOCKER_CONFIG"] ?? join(homedir(), ".docker"), "config.json");
  const registry = await connect(own.url, [new URL(own.url).host], own.credentialsFile ?? dockerConfig);
  await mirrorImages(lineProgress(), {
    target: withRepositoryFix(registry, { kind: own.kind, stack }),
    built: own.built,
    sourcesFile: join(ROOT, "images.sources.json"),
    lockFile: own.lockFile,
    connect: ({ url, credentialHosts }) => connect(url, credentialHosts, dockerConfig),
  });
}

/** With the first credentials that the Docker config has for one of `hosts`; without any where it has none. */
export async function connect(url: string, hosts: readonly string[], file: string): Promise<RegistryClient> {
  const text = await readFile(file, "utf8").catch(() => undefined);
  for (const host of text === undefined ? [] : hosts) {
    const credentials = credentialsFor(text!, host, file);
    if (credentials !== undefined) return registryClient({ url, credentials });
  }
  return registryClient({ url });
}
