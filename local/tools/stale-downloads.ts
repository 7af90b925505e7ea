import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { cache } from "../home.ts";
import type { PublishedTool } from "./published-files.ts";

/** A download writes at least every 10 s (`DOWNLOAD_LIMITS`): a folder that is older than this belongs to a killed run. */
const STALE_MS = 120_000;

/** Removes the half downloads that killed runs have left in the folder of a tool. */
export async function removeStaleDownloads(tool: PublishedTool, olderThanMs = STALE_MS): Promise<void> {
  const folder = cache("tools", tool);
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((each) => each.startsWith(".download-"))) {
    const entries = await readdir(join(folder, name), { recursive: true }).catch(() => []);
    const times = await Promise.all(
      ["", ...entries].map(
        async (entry) => (await stat(join(folder, name, entry)).catch(() => undefined))?.ctimeMs,
      ),
    );
    if (Date.now() - Math.max(0, ...times.map((time) => time ?? 0)) > olderThanMs)
      await rm(join(folder, name), { recursive: true, force: true });
  }
}
