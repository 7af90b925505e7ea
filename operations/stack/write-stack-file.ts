import { randomBytes } from "node:crypto";
import { open, readFile, realpath, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/**
 * Replaces the text of a stack's file, whole or not at all: a full disk leaves the old text. Follows a link and keeps the rights of the
 * file. Throws if the file no longer holds the text `before`, from which the new one was made.
 */
export async function writeStackFile(
  path: string,
  { before, text }: { before: string; text: string },
): Promise<void> {
  const file = await realpath(path);
  const { mode } = await stat(file);
  const unfinished = join(dirname(file), `.${basename(file)}.${randomBytes(6).toString("hex")}.tmp`);
  try {
    const handle = await open(unfinished, "wx", mode & 0o777);
    try {
      await handle.chmod(mode & 0o777); // the umask may have taken rights away
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    if ((await readFile(file, "utf8")) !== before)
      throw new Error(
        `${basename(path)}: was changed by something else in the meantime; run the command again`,
      );
    await rename(unfinished, file);
  } catch (error) {
    await rm(unfinished, { force: true });
    // The error of a write names no file.
    throw error instanceof Error && "code" in error ? Object.assign(error, { path: file }) : error;
  }
}
