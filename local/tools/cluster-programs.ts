import { basename, dirname } from "node:path";
import { cache, unusedProxy } from "../home.ts";
import type { Progress } from "../progress.ts";
import { DownloadFailed } from "./download.ts";
import { findGoTool, goTool, goToolVersion, type GoTool } from "./go-tool.ts";
import { downloadUrl, publishedFiles, type PublishedTool } from "./published-files.ts";
import { isDiskFull } from "./place-program.ts";
import { downloadPublished, findPublished, type PublishedOptions } from "./published-program.ts";
import { removeStaleDownloads } from "./stale-downloads.ts";

/** The programs of a tool in the cache, built here or published. */
export interface ClusterPrograms {
  /** Folder of the programs. */
  bin: string;
  /** Names the content of the folder: equal keys mean equal programs. */
  key: string;
  /** Origin of the programs, for a lock file. */
  source: string;
}

/**
 * Returns the programs of each tool: those that were built before, else those that were downloaded before, else downloads them, and
 * builds what cannot be downloaded. If everything is in the cache, asks no network. Programs that were built come first, so that
 * `up --build` stays in force in later runs, and no cluster changes its programs by itself.
 */
export async function clusterPrograms<T extends PublishedTool>(
  progress: Progress,
  tools: readonly T[],
  options: PublishedOptions = {},
): Promise<Record<T, ClusterPrograms>> {
  await Promise.all(tools.map((tool) => removeStaleDownloads(tool)));
  const found = new Map<T, ClusterPrograms>();
  const missing: T[] = [];
  for (const tool of tools) {
    const programs = (await findBuilt(tool)) ?? (await findDownloaded(tool, options));
    if (programs === undefined) missing.push(tool);
    else found.set(tool, programs);
  }
  if (missing.length > 0) await download(progress, missing, options);
  for (const tool of missing) {
    const programs = await findDownloaded(tool, options);
    found.set(tool, programs ?? builtPrograms(await goTool(progress, tool)));
  }
  return Object.fromEntries(found) as Record<T, ClusterPrograms>;
}

/** Builds the programs of each tool, even where they were downloaded. Later calls of `clusterPrograms` return the built ones. */
export async function buildPrograms(progress: Progress, tools: readonly PublishedTool[]): Promise<void> {
  for (const tool of tools) await goTool(progress, tool);
}

async function findBuilt(tool: PublishedTool): Promise<ClusterPrograms | undefined> {
  const built = await findGoTool(tool);
  return built === undefined ? undefined : builtPrograms(built);
}

function builtPrograms({ bin, source }: GoTool): ClusterPrograms {
  return { bin, key: basename(dirname(bin)), source: `go ${source}` };
}

async function findDownloaded(
  tool: PublishedTool,
  { pins }: PublishedOptions,
): Promise<ClusterPrograms | undefined> {
  const found = await findPublished(tool, await goToolVersion(tool), pins);
  if (found === undefined) return undefined;
  const files = [...found.sums].map(([address, sum]) => `${address} sha256:${sum}`);
  return { bin: found.bin, key: files.join(" "), source: files.join(" ") };
}

/** Downloads the tools at once. Reports those that cannot be had, and leaves their building to the caller. */
async function download(
  progress: Progress,
  tools: readonly PublishedTool[],
  options: PublishedOptions,
): Promise<void> {
  if (process.platform !== "linux" || process.arch !== "x64") return; // `publishedFiles` names files for this platform alone
  const versions = await Promise.all(tools.map(goToolVersion));
  const names = tools.map((tool, at) => `${tool} ${versions[at]}`);
  const hosts = tools.flatMap((tool, at) =>
    publishedFiles(tool, versions[at]!).map(({ address }) => downloadUrl(address).host),
  );
  await progress.step(`Download ${names.join(", ")} from ${unique(hosts).join(", ")}`, async (step) => {
    let mib = 0;
    const timer = setInterval(() => step.update(`${mib.toFixed(0)} MiB`), 10_000);
    const onBytes = (bytes: number): void => void (mib += bytes / 2 ** 20);
    try {
      const results = await Promise.allSettled(
        tools.map((tool, at) => downloadPublished(tool, versions[at]!, { ...options, onBytes })),
      );
      const failures = results.map((result) =>
        result.status === "fulfilled" ? undefined : failureOf(result.reason),
      );
      const failed = failures.filter((failure) => failure !== undefined);
      for (const { message, unreachable } of failed) if (!unreachable) step.update(`warning: ${message}`);
      if (failed.length === 0) return;
      const reasons = unique(failed.filter(({ unreachable }) => unreachable).map(({ message }) => message));
      const unbuilt = names.filter((_, at) => failures[at] !== undefined).join(", ");
      const why = reasons.length === 0 ? "" : `${reasons.join(", ")}${proxyHint()}; `;
      step.skipped(`${why}builds ${unbuilt} instead`);
    } finally {
      clearInterval(timer);
    }
  });
}

/** Returns a failure after which a tool can still be built. Throws any other error. */
function failureOf(error: unknown): DownloadFailed {
  if (error instanceof DownloadFailed) return error;
  if (!isDiskFull(error)) throw error;
  throw new Error(
    `${cache()} must have room for the cluster's programs (about 500 MiB) and has none left: ` +
      `free some, or move the cache with SLIPWAY_CACHE`,
    { cause: error },
  );
}

/** Node's fetch uses a proxy only if it is told to. */
function proxyHint(): string {
  const proxy = unusedProxy();
  if (proxy === undefined) return "";
  return process.allowedNodeEnvironmentFlags.has("--use-env-proxy")
    ? ` (${proxy} is used only with NODE_USE_ENV_PROXY=1)`
    : ` (${proxy} is not used: Node ${process.versions.node} cannot, 22.21 and 24.5 can)`;
}

const unique = (texts: readonly string[]): string[] => [...new Set(texts)];
