import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Daemon } from "./daemon.ts";
import { NETWORK, PATHS, REGISTRY_HOST } from "./layout.ts";
import { ensureHtpasswd, type RegistryAccounts } from "./registry-accounts.ts";

/** Where the registry itself listens: the gate is the way to it for pods and tools. */
const STORE = `127.0.0.1:${NETWORK.registryStorePort}`;

/**
 * Returns the two programs of the local registry. Debian's docker-registry knows passwords and no rights, so HAProxy
 * stands before it, on the node's bridge, and lets only the writer push and delete.
 */
export async function registry(accounts: RegistryAccounts): Promise<{ store: Daemon; gate: Daemon }> {
  await mkdir(PATHS.config(), { recursive: true });
  const passwords = await ensureHtpasswd(accounts);
  const store = join(PATHS.config(), "registry.yml");
  const gate = join(PATHS.config(), "registry-gate.cfg");
  const storeText = storeConfig(STORE, join(PATHS.registry(), "data"), PATHS.registryPasswords());
  const gateText = gateConfig({
    address: REGISTRY_HOST,
    store: STORE,
    writers: passwords.filter((line) => line.startsWith(`${accounts.writer.username}:`)),
  });
  await writeFile(store, storeText);
  await writeFile(gate, gateText, { mode: 0o600 });
  return {
    store: { name: "registry", program: "docker-registry", args: ["serve", store], reads: [storeText] },
    gate: { name: "registry-gate", program: "haproxy", args: ["-db", "-f", gate], reads: [gateText] },
  };
}

/** Returns docker-registry's configuration: every access by an account of the htpasswd file. */
export function storeConfig(address: string, folder: string, htpasswd: string): string {
  return `version: 0.1
log:
  level: warn
  accesslog:
    disabled: true
storage:
  filesystem:
    rootdirectory: ${folder}
  delete:
    enabled: true
http:
  addr: ${address}
auth:
  htpasswd:
    realm: slipway
    path: ${htpasswd}
`;
}

export interface GateOptions {
  /** `host:port` to listen on. */
  address: string;
  /** `host:port` of the registry. */
  store: string;
  /** Lines of a htpasswd file: accounts that may push and delete. */
  writers: readonly string[];
}

/**
 * Returns HAProxy's configuration. Reads go through as they are: the registry asks for an account. Everything else needs
 * a writer: without credentials the answer is 401, by which clients know that they have to send some; others get 403.
 */
export function gateConfig({ address, store, writers }: GateOptions): string {
  const users = writers.map((line) => {
    const [name, hash] = line.split(":");
    return `  user ${name} password ${hash}`;
  });
  return `global
  maxconn 1000
  nbthread 1

defaults
  mode http
  timeout connect 5s
  timeout http-request 10s
  timeout client 10m
  timeout server 10m

userlist writers
${users.join("\n")}

frontend registry
  bind ${address}
  acl reads method GET HEAD
  acl named req.hdr(authorization) -m found
  acl writer http_auth(writers)
  http-request auth realm slipway if !reads !named
  http-request deny deny_status 403 if !reads !writer
  default_backend store

backend store
  server store ${store}
`;
}
