import { copyFile, mkdir, readdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { digestOf } from "../../../runtime/artifacts/digest.ts";
import type { DatasetManifest } from "../../../runtime/contract/dataset-manifest.ts";
import type { TableRule } from "../../../runtime/contract/table-rule.ts";
import { ingest } from "../../../runtime/data/ingest.ts";
import { openDuckDb } from "../../../runtime/duckdb.ts";
import { withScratch } from "../../../runtime/scratch.ts";

const MIB = 1024 * 1024;
/** Files of this size have partitions of their own. */
const LARGE = 60 * MIB;

interface Run {
  manifest: DatasetManifest;
  /** Files that were brought from the source. */
  brought: string[];
  /** Partitions that were written. */
  written: string[];
}

/** Ingests files, whose sizes are said to be LARGE, and gives the earlier data set to each next run. */
async function runs(
  folder: string,
  states: readonly Readonly<Record<string, string>>[],
  rule: Partial<TableRule> = {},
): Promise<Run[]> {
  const done: Run[] = [];
  for (const [i, files] of states.entries()) {
    const source = join(folder, `source-${i}`);
    const directory = join(folder, `out-${i}`);
    const before = join(folder, `out-${i - 1}`);
    await mkdir(directory, { recursive: true });
    const brought: string[] = [];
    const db = await openDuckDb({ threads: 2, scratch: folder });
    try {
      const manifest = await ingest(
        db,
        {
          schemaVersion: 1,
          workload: "w",
          source: {
            kind: "files",
            files: Object.entries(files).map(([name, text]) => ({
              name,
              digest: digestOf(text),
              size: LARGE,
            })),
          },
          tables: [{ name: "t", files: "*.csv", ...rule }],
        },
        {
          source,
          directory,
          async bringSource(names) {
            brought.push(...names);
            await mkdir(source, { recursive: true });
            for (const name of names) await writeFile(join(source, name), files[name]!);
          },
          earlier: done[i - 1] && {
            manifest: done[i - 1]!.manifest,
            async bring(names, to) {
              for (const name of names) {
                await mkdir(dirname(join(to, name)), { recursive: true });
                await copyFile(join(before, name), join(to, name));
              }
            },
          },
        },
      );
      const written = await readdir(join(directory, "t")).catch((): string[] => []);
      // The registry has all partitions of a data set, whoever wrote them.
      for (const { file } of manifest.tables[0]!.partitions)
        if (!written.includes(file.split("/")[1]!)) {
          await mkdir(join(directory, "t"), { recursive: true });
          const { file: old } = done[i - 1]!.manifest.tables[0]!.partitions.find(
            ({ digest }) =>
              digest === manifest.tables[0]!.partitions.find((each) => each.file === file)!.digest,
          )!;
          await copyFile(join(before, old), join(directory, file));
        }
      done.push({ manifest, brought, written });
    } finally {
      db.close();
    }
  }
  return done;
}

const A = "id,amount\n1,10\n2,20\n";
const B = "id,amount\n3,30\n,40\n";
const C = "id,amount\n5,50\n";
const LATE = "id,amount\nx7,70\n";

describe("a data set of partitions", () => {
  it("takes those without a change, and has the bytes that a new one would have", async () => {
    await withScratch(async (scratch) => {
      const [, second] = await runs(join(scratch, "grown"), [
        { "a.csv": A, "b.csv": B },
        { "a.csv": A, "b.csv": B, "c.csv": C },
      ]);
      expect(second).toMatchObject({ brought: ["c.csv"], written: ["00002.parquet"] });
      const [anew] = await runs(join(scratch, "anew"), [{ "a.csv": A, "b.csv": B, "c.csv": C }]);
      expect(second!.manifest).toEqual(anew!.manifest);
      expect(second!.manifest.tables[0]).toMatchObject({ name: "t", rows: 5 });
    });
  });

  it("moves a partition whose place has changed, and reads a file that has changed", async () => {
    await withScratch(async (scratch) => {
      const [, second] = await runs(scratch, [
        { "b.csv": B, "c.csv": C },
        { "a.csv": A, "b.csv": B, "c.csv": C.replace("50", "51") },
      ]);
      expect(second!.brought).toEqual(["a.csv", "c.csv"]);
      expect(second!.manifest.tables[0]!.partitions.map(({ rows }) => rows)).toEqual([2, 2, 1]);
    });
  });

  it("is written anew where a new file changes the type of a column", async () => {
    await withScratch(async (scratch) => {
      const [first, second] = await runs(scratch, [{ "a.csv": A }, { "a.csv": A, "z.csv": LATE }]);
      expect(first!.manifest.tables[0]!.columns[0]).toEqual({ name: "id", type: "BIGINT" });
      expect(second!.manifest.tables[0]!.columns[0]).toEqual({ name: "id", type: "VARCHAR" });
      expect(second!.brought.sort()).toEqual(["a.csv", "z.csv"]);
      expect(second!.written).toEqual(["00000.parquet", "00001.parquet"]);
    });
  });

  it.each<[string, Partial<TableRule>, string]>([
    ["the key", { key: ["id"] }, 't: (id) must be unique: rows too many, found 1; such as id "2"'],
    ["the number of rows", { rows: { max: 3 } }, "t: must have at most 3 rows, found 4"],
    [
      "the share of missing values",
      { columns: [{ name: "id", nulls: 0 }, { name: "amount" }] },
      "t: id: at most 0 missing, found 1",
    ],
  ])("is checked as a whole for %s, also in partitions that it takes", async (_, rule, message) => {
    await withScratch(async (scratch) => {
      const second = runs(scratch, [{ "b.csv": A }, { "b.csv": A, "c.csv": "id,amount\n2,20\n,30\n" }], rule);
      await expect(second).rejects.toThrow(message);
    });
  });
});
