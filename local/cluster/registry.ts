import { randomBytes } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { runCommand } from "../run-command.ts";
import type { Daemon } from "./daemon.ts";
import { PATHS, REGISTRY_HOST } from "./layout.ts";

export interface RegistryAccount {
  username: string;
  password: string;
}

const authSchema = z.object({ auths: z.record(z.string(), z.object({ auth: z.string() })) });

/** The one account of the local registry: generated once, kept as a Docker `config.json` that only its owner can read. */
export async function ensureRegistryAccount(): Promise<RegistryAccount> {
  const file = PATHS.registryAuth();
  const present = await readFile(file, "utf8").catch(() => undefined);
  if (present !== undefined) {
    const { auth } = authSchema.parse(JSON.parse(present)).auths[REGISTRY_HOST] ?? { auth: "" };
    const [username = "", password = ""] = Buffer.from(auth, "base64").toString().split(":");
    return { username, password };
  }
  const account = { username: "slipway", password: randomBytes(24).toString("base64url") };
  const auth = Buffer.from(`${account.username}:${account.password}`).toString("base64");
  await mkdir(PATHS.registry(), { recursive: true, mode: 0o700 });
  await writeFile(`${file}.partial`, JSON.stringify({ auths: { [REGISTRY_HOST]: { auth } } }) + "\n", {
    mode: 0o600,
  });
  await rename(`${file}.partial`, file);
  return account;
}

/** Debian's docker-registry, on the node's bridge alone; every access by the account. */
export async function registry(account: RegistryAccount): Promise<Daemon> {
  await mkdir(PATHS.config(), { recursive: true });
  const htpasswd = join(PATHS.registry(), "htpasswd");
  if ((await readFile(htpasswd, "utf8").catch(() => "")) === "") {
    // bcrypt, the one form that the registry takes; the password goes by standard input, not by argument.
    const line = await runCommand("htpasswd", ["-inB", account.username], { input: account.password });
    await writeFile(htpasswd, line.trim() + "\n", { mode: 0o600 });
  }
  const config = `version: 0.1
log:
  level: warn
  accesslog:
    disabled: true
storage:
  filesystem:
    rootdirectory: ${join(PATHS.registry(), "data")}
  delete:
    enabled: true
http:
  addr: ${REGISTRY_HOST}
auth:
  htpasswd:
    realm: slipway
    path: ${htpasswd}
`;
  const file = join(PATHS.config(), "registry.yml");
  await writeFile(file, config);
  return { name: "registry", program: "docker-registry", args: ["serve", file], reads: [config] };
}
