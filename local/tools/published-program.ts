import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { cache } from "../home.ts";
import { CommandFailed, runCommand } from "../run-command.ts";
import { checksumOf, formatChecksums, parseChecksums, type Checksums } from "./checksums.ts";
import { DownloadFailed, downloadFile, downloadText, type DownloadOptions } from "./download.ts";
import { downloadUrl, publishedFiles, type PublishedFile, type PublishedTool } from "./published-files.ts";

/** Checksums that the repository pins, in the form of `sha256sum`, with addresses as names. */
const PINS = join(import.meta.dirname, "published.sha256");
/** A download writes at least every 10 s (`DOWNLOAD_LIMITS`): a folder that is older than this belongs to a killed run. */
const STALE_MS = 120_000;

/** The finished programs of a tool in the cache. */
export interface PublishedPrograms {
  /** Folder of the programs. */
  bin: string;
  /** sha256 of the published files, by address. */
  sums: Checksums;
}

export interface PublishedOptions extends DownloadOptions {
  /** sha256 by address; a pinned sum replaces that of the publisher. @default - `published.sha256` in this folder */
  pins?: Checksums;
}

const folderOf = (tool: PublishedTool, version: string): string =>
  cache("tools", tool, `published-${version}`);

/** Returns the pinned checksums. */
export async function publishedPins(): Promise<Checksums> {
  return parseChecksums(await readFile(PINS, "utf8"));
}

/** Returns the programs of a tool if they are in the cache and no pin contradicts them. Asks no network. */
export async function findPublished(
  tool: PublishedTool,
  version: string,
  pins?: Checksums,
): Promise<PublishedPrograms | undefined> {
  const folder = folderOf(tool, version);
  const text = await readFile(join(folder, "SHA256SUMS"), "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  const sums = parseChecksums(text);
  const pinned = pins ?? (await publishedPins());
  const right = publishedFiles(tool, version).every(({ address }) => {
    const sum = sums.get(address);
    return sum !== undefined && sum === (pinned.get(address) ?? sum);
  });
  return right ? { bin: join(folder, "bin"), sums } : undefined;
}

/**
 * Downloads the programs of a tool, checks their sha256, runs each for its version, and then moves them into the cache as a whole.
 * Throws DownloadFailed if one of them cannot be had or is not as published; the cache is then as it was.
 */
export async function downloadPublished(
  tool: PublishedTool,
  version: string,
  options: PublishedOptions = {},
): Promise<void> {
  const folder = folderOf(tool, version);
  await mkdir(dirname(folder), { recursive: true });
  const work = await mkdtemp(join(dirname(folder), ".download-"));
  try {
    const files = publishedFiles(tool, version);
    const sums = await checksums(files, options);
    await mkdir(join(work, "bin"));
    await allOrNone(files, options, (file, stopping) =>
      placeProgram(file, sums.get(file.address)!, version, work, stopping),
    );
    await writeFile(join(work, "SHA256SUMS"), formatChecksums(sums));
    await chmod(work, 0o755);
    if ((await findPublished(tool, version, options.pins)) !== undefined) return; // another run was faster
    await rm(folder, { recursive: true, force: true }); // has other sums than the pinned ones
    await rename(work, folder).catch(async (error: unknown) => {
      if ((await findPublished(tool, version, options.pins)) === undefined) throw error;
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Returns the sha256 of every file: the pinned one, else the publisher's. */
async function checksums(files: readonly PublishedFile[], options: PublishedOptions): Promise<Checksums> {
  const pins = options.pins ?? (await publishedPins());
  const sumOf = async ({ address, checksums: list }: PublishedFile): Promise<[string, string]> => {
    const sum = pins.get(address) ?? checksumOf(basename(address), await downloadText(downloadUrl(list), options));
    if (sum === undefined)
      throw new DownloadFailed(`${list}: must have the sha256 of ${basename(address)}, has none`);
    return [address, sum];
  };
  // The first alone: if the host cannot be reached, one request waits for it.
  const [first, ...others] = files;
  const known = first === undefined ? [] : [await sumOf(first)];
  return new Map([...known, ...(await Promise.all(others.map(sumOf)))]);
}

/** Runs `work` for every file at once. If one fails, stops the others, waits for their ends, and throws the first failure. */
async function allOrNone(
  files: readonly PublishedFile[],
  options: PublishedOptions,
  work: (file: PublishedFile, options: PublishedOptions) => Promise<void>,
): Promise<void> {
  const stop = new AbortController();
  const signal = options.signal === undefined ? stop.signal : AbortSignal.any([options.signal, stop.signal]);
  const failures: unknown[] = [];
  await Promise.all(
    files.map((file) =>
      work(file, { ...options, signal }).catch((error: unknown) => {
        failures.push(error);
        stop.abort();
      }),
    ),
  );
  if (failures.length > 0) throw failures[0];
}

async function placeProgram(
  { address, program, member }: PublishedFile,
  sum: string,
  version: string,
  work: string,
  options: PublishedOptions,
): Promise<void> {
  const path = join(work, "bin", program);
  const file = member === undefined ? path : join(work, basename(address));
  const found = await downloadFile(downloadUrl(address), file, options);
  if (found !== sum) throw new DownloadFailed(`${address}: sha256 must be ${sum}, got ${found}`);
  if (member !== undefined) {
    const extract = ["--extract", "--gzip", "--file", file, "--to-stdout", member];
    await runCommand("sh", ["-c", 'out=$1; shift; exec tar "$@" > "$out"', "sh", path, ...extract]).catch(
      (error: unknown) => {
        if (isDiskFull(error)) throw error;
        throw new DownloadFailed(`${address}: must hold ${member}: ${String(error)}`);
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
  const said = await runCommand(path, ["--version"], { timeoutMs: 20_000 }).catch((error: unknown) => {
    throw new DownloadFailed(`${program} ${version} does not run on this machine: ${String(error)}`);
  });
  if (!said.split(/[\s-]+/).some((word) => word.replace(/^v/, "") === number))
    throw new DownloadFailed(`${program}: must say that its version is ${number}, said ${said.split("\n")[0]}`);
}

/** Whether an error says that a disk or a quota is full. */
export function isDiskFull(error: unknown): boolean {
  const { code } = (error ?? {}) as NodeJS.ErrnoException;
  return (
    code === "ENOSPC" ||
    code === "EDQUOT" ||
    (error instanceof CommandFailed && /No space left|quota exceeded/i.test(error.output))
  );
}

/** Removes the half downloads that killed runs have left in the folder of a tool. */
export async function removeStaleDownloads(tool: PublishedTool, olderThanMs = STALE_MS): Promise<void> {
  const folder = cache("tools", tool);
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((each) => each.startsWith(".download-"))) {
    const entries = await readdir(join(folder, name), { recursive: true }).catch(() => []);
    const times = await Promise.all(
      ["", ...entries].map(async (entry) => (await stat(join(folder, name, entry)).catch(() => undefined))?.ctimeMs),
    );
    if (Date.now() - Math.max(0, ...times.map((time) => time ?? 0)) > olderThanMs)
      await rm(join(folder, name), { recursive: true, force: true });
  }
}
