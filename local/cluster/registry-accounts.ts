import { randomBytes } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { runCommand } from "../run-command.ts";
import { PATHS, REGISTRY_HOST } from "./layout.ts";

export interface RegistryAccount {
  username: string;
  password: string;
}

export interface RegistryAccounts {
  /** Account of the command line and of jobs: it may push and delete. */
  writer: RegistryAccount;
  /** Account of servers and of the kubelet: it may only pull. */
  reader: RegistryAccount;
}

const authSchema = z.object({ auths: z.record(z.string(), z.object({ auth: z.string() })) });

/** Returns the accounts of the local registry. Each is generated once and kept in a Docker `config.json` for root alone. */
export async function ensureRegistryAccounts(): Promise<RegistryAccounts> {
  return {
    writer: await ensureAccount("slipway", PATHS.registryAuth()),
    reader: await ensureAccount("slipway-reader", PATHS.registryReadAuth()),
  };
}

/** Returns one line `name:bcrypt` for each account, from a file that is written anew if it lacks an account. */
export async function ensureHtpasswd({ writer, reader }: RegistryAccounts): Promise<string[]> {
  const file = PATHS.registryPasswords();
  const kept = (await readFile(file, "utf8").catch(() => "")).split("\n");
  const lines = await Promise.all(
    [writer, reader].map(
      async (account) =>
        kept.find((line) => line.startsWith(`${account.username}:`)) ?? (await htpasswdLine(account)),
    ),
  );
  await replaceFile(file, lines.join("\n") + "\n");
  return lines;
}

async function ensureAccount(username: string, file: string): Promise<RegistryAccount> {
  const present = await readFile(file, "utf8").catch(() => undefined);
  if (present !== undefined) {
    const { auth } = authSchema.parse(JSON.parse(present)).auths[REGISTRY_HOST] ?? { auth: "" };
    const [name = "", password = ""] = Buffer.from(auth, "base64").toString().split(":");
    return { username: name, password };
  }
  const account = { username, password: randomBytes(24).toString("base64url") };
  const auth = Buffer.from(`${username}:${account.password}`).toString("base64");
  await replaceFile(file, JSON.stringify({ auths: { [REGISTRY_HOST]: { auth } } }) + "\n");
  return account;
}

/** bcrypt is the one form that the registry takes. The password goes by standard input, where `ps` does not show it. */
async function htpasswdLine({ username, password }: RegistryAccount): Promise<string> {
  return (await runCommand("htpasswd", ["-inB", username], { input: password })).trim();
}

/** Writes a file for its owner alone; a crash leaves the old file or the new one. */
async function replaceFile(file: string, text: string): Promise<void> {
  await mkdir(join(file, ".."), { recursive: true, mode: 0o700 });
  await writeFile(`${file}.partial`, text, { mode: 0o600 });
  await rename(`${file}.partial`, file);
}
