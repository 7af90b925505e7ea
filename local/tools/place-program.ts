import { chmod, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { CommandFailed, runCommand } from "../run-command.ts";
import { DownloadFailed, downloadFile, type DownloadOptions } from "./download.ts";
import { downloadUrl, type PublishedFile } from "./published-files.ts";

export interface ExpectedFile extends PublishedFile {
  /** sha256 of the file, as hex. */
  sum: string;
  /** Version that the program has to name. */
  version: string;
}

/** Downloads a file into a folder, checks its sha256, and places its program into the folder's `bin`. The program runs once. */
export async function placeProgram(
  { address, program, member, sum, version }: ExpectedFile,
  folder: string,
  options: DownloadOptions,
): Promise<void> {
  const path = join(folder, "bin", program);
  const file = member === undefined ? path : join(folder, basename(address));
  const found = await downloadFile(downloadUrl(address), file, options);
  if (found !== sum) throw new DownloadFailed(`${address}: sha256 must be ${sum}, got ${found}`);
  if (member !== undefined) {
    const extract = ["--extract", "--gzip", "--file", file, "--to-stdout", member];
    await runCommand("sh", ["-c", 'out=$1; shift; exec tar "$@" > "$out"', "sh", path, ...extract]).catch(
      (error: unknown) => {
        if (isDiskFull(error)) throw error;
        throw new DownloadFailed(`${address}: must hold ${member} (${lastLine(error)})`);
      },
    );
    await rm(file);
  }
  await chmod(path, 0o755);
  await checkVersion(path, program, version);
}

/** Throws unless the program runs on this machine and names its version. */
async function checkVersion(path: string, program: string, version: string): Promise<void> {
  const number = version.replace(/^v/, "");
  const output = await runCommand(path, ["--version"], { timeoutMs: 20_000 }).catch((error: unknown) => {
    throw new DownloadFailed(`${program} ${version}: must run on this machine (${lastLine(error)})`);
  });
  if (!output.split(/[\s-]+/).some((word) => word.replace(/^v/, "") === number))
    throw new DownloadFailed(
      `${program}: must say that its version is ${number}, said ${output.split("\n")[0]}`,
    );
}

const lastLine = (error: unknown): string => String(error).trimEnd().split("\n").at(-1) ?? "";

/** Whether an error says that a disk or a quota is full. */
export function isDiskFull(error: unknown): boolean {
  const { code } = (error ?? {}) as NodeJS.ErrnoException;
  return (
    code === "ENOSPC" ||
    code === "EDQUOT" ||
    (error instanceof CommandFailed && /No space left|quota exceeded/i.test(error.output))
  );
}
