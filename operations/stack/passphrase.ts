import { randomBytes } from "node:crypto";
import { link, mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";

/** Codes of a file system without hard links. */
const NO_LINKS = ["EPERM", "ENOTSUP", "ENOSYS"];

/**
 * Returns the passphrase that encrypts the secrets of a file backend: that of the environment (`PULUMI_CONFIG_PASSPHRASE`,
 * `PULUMI_CONFIG_PASSPHRASE_FILE`), or else of a file beside the state, which the first use creates, readable by its owner alone.
 * Throws if that file is empty.
 */
export async function backendPassphrase(backendDir: string, env: NodeJS.ProcessEnv): Promise<string> {
  if (env["PULUMI_CONFIG_PASSPHRASE"] !== undefined) return env["PULUMI_CONFIG_PASSPHRASE"];
  const named = env["PULUMI_CONFIG_PASSPHRASE_FILE"];
  if (named !== undefined) return (await readFile(named, "utf8")).trim();
  const file = join(backendDir, "passphrase");
  const passphrase = (await textOf(file)) ?? (await createPassphrase(backendDir, file));
  // Else the secrets would be encrypted with a passphrase that everybody knows.
  if (passphrase === "")
    throw new Error(
      `${file}: must hold the passphrase of the stacks, is empty; put it back from a copy, or remove the file if no stack has state yet`,
    );
  return passphrase;
}

/** Writes a new passphrase, whole or not at all, and returns what the file holds then: another run may have been first. */
async function createPassphrase(backendDir: string, file: string): Promise<string> {
  await mkdir(backendDir, { recursive: true, mode: 0o700 });
  const unfinished = `${file}.${randomBytes(6).toString("hex")}.tmp`;
  try {
    const handle = await open(unfinished, "wx", 0o600);
    try {
      await handle.writeFile(randomBytes(32).toString("base64url") + "\n");
      await handle.sync();
    } finally {
      await handle.close();
    }
    await link(unfinished, file).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "EEXIST") return undefined;
      if (NO_LINKS.includes(error.code ?? "")) return rename(unfinished, file);
      throw error;
    });
  } catch (error) {
    // The error of a write names no file.
    throw error instanceof Error ? Object.assign(error, { path: file }) : error;
  } finally {
    await rm(unfinished, { force: true });
  }
  return (await readFile(file, "utf8")).trim();
}

async function textOf(file: string): Promise<string | undefined> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  return text?.trim();
}
