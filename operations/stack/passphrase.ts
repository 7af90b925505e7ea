import { randomBytes } from "node:crypto";
import { mkdir, open, readFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * Returns the passphrase that encrypts the secrets of a file backend: that of the environment (`PULUMI_CONFIG_PASSPHRASE`,
 * `PULUMI_CONFIG_PASSPHRASE_FILE`), or else of a file beside the state, which the first use creates, readable by its owner alone.
 */
export async function backendPassphrase(backendDir: string, env: NodeJS.ProcessEnv): Promise<string> {
  if (env["PULUMI_CONFIG_PASSPHRASE"] !== undefined) return env["PULUMI_CONFIG_PASSPHRASE"];
  const named = env["PULUMI_CONFIG_PASSPHRASE_FILE"];
  if (named !== undefined) return (await readFile(named, "utf8")).trim();
  const file = join(backendDir, "passphrase");
  await mkdir(backendDir, { recursive: true, mode: 0o700 });
  try {
    const handle = await open(file, "wx", 0o600);
    try {
      await handle.writeFile(randomBytes(32).toString("base64url") + "\n");
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  return (await readFile(file, "utf8")).trim();
}
