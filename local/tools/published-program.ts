import { chmod, mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { cache } from "../home.ts";
import { checksumOf, formatChecksums, parseChecksums, type Checksums } from "./checksums.ts";
import { DownloadFailed, downloadText, type DownloadOptions } from "./download.ts";
import { placeProgram } from "./place-program.ts";
import { downloadUrl, publishedFiles, type PublishedFile, type PublishedTool } from "./published-files.ts";

/** Checksums that the repository pins, in the form of `sha256sum`, with addresses as names. */
const PINS = join(import.meta.dirname, "published.sha256");

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
      placeProgram({ ...file, sum: sums.get(file.address)!, version }, work, stopping),
    );
    await writeFile(join(work, "SHA256SUMS"), formatChecksums(sums));
    await chmod(work, 0o755);
    await moveIntoPlace(
      work,
      folder,
      async () => (await findPublished(tool, version, options.pins)) !== undefined,
    );
  } finally {
    for (const each of [work, outdated(work)]) await rm(each, { recursive: true, force: true });
  }
}

const outdated = (work: string): string => `${work}-outdated`;

/** Moves a filled folder to its name in one step. Leaves one that is there and right: another run was faster. */
async function moveIntoPlace(work: string, folder: string, isRight: () => Promise<boolean>): Promise<void> {
  try {
    await rename(work, folder);
  } catch (error) {
    if (await isRight()) return;
    if (!(await stat(folder).catch(() => undefined))) throw error;
    await rename(folder, outdated(work)); // a pin contradicts it
    await rename(work, folder);
  }
}

/** Returns the sha256 of every file: the pinned one, else the publisher's. */
async function checksums(files: readonly PublishedFile[], options: PublishedOptions): Promise<Checksums> {
  const pins = options.pins ?? (await publishedPins());
  const sumOf = async ({ address, checksums: list }: PublishedFile): Promise<[string, string]> => {
    const sum =
      pins.get(address) ?? checksumOf(basename(address), await downloadText(downloadUrl(list), options));
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
