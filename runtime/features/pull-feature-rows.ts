import { join } from "node:path";
import { pullArtifact } from "../artifacts/pull-artifact.ts";
import type { RegistryClient } from "../artifacts/registry-client.ts";
import { openDuckDb } from "../duckdb.ts";
import { withScratch } from "../scratch.ts";
import { readFeatureTable, type FeatureRows, type ReadFeatureTableOptions } from "./read-feature-table.ts";

/** Pulls a feature table and returns one selection of its rows for each of `parts`, in their order. */
export function pullFeatureRows<const Parts extends readonly ReadFeatureTableOptions[]>(
  registry: RegistryClient,
  reference: string,
  threads: number,
  parts: Parts,
): Promise<{ [Part in keyof Parts]: FeatureRows }> {
  return withScratch(async (scratch) => {
    const folder = join(scratch, "features");
    await pullArtifact(registry, reference, folder, "features");
    const db = await openDuckDb({ threads, scratch });
    try {
      const read: FeatureRows[] = [];
      for (const part of parts) read.push(await readFeatureTable(db, folder, part));
      return read as { [Part in keyof Parts]: FeatureRows };
    } finally {
      db.close();
    }
  });
}
