import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { pinFiles } from "../../operations/pipeline/pin-files.ts";
import { stepDefinition, type PinnedWorkload } from "../../runtime/contract/step-definition.ts";
import type { Files } from "../../runtime/contract/sources/files.ts";
import { ingest } from "../../runtime/data/ingest.ts";
import { openDuckDb } from "../../runtime/duckdb.ts";
import { openTables, writeFeatureTable } from "../../runtime/features/feature-table.ts";
import { findWorkloads } from "../../workloads/find-workloads.ts";

const ROOT = join(import.meta.dirname, "../..");
const PURPOSES = ["car", "house", "other", "boat"];

let checkout: string;
beforeAll(async () => {
  checkout = await mkdtemp(join(tmpdir(), "workload-example-"));
  const page = await readFile(join(ROOT, "docs/workloads.md"), "utf8");
  const [, code = ""] = /```ts\n(import \{ defineWorkload \}[\s\S]*?)```/.exec(page) ?? [];
  const folder = join(checkout, "workloads/loans");
  await mkdir(folder, { recursive: true });
  await writeFile(join(checkout, "package.json"), "{}");
  await writeFile(join(folder, "workload.ts"), code.replace("../../runtime", join(ROOT, "runtime")));
  const lines = Array.from(
    { length: 500 },
    (_, i) => `L${i},${(i * 37) % 1000},${PURPOSES[i % 4] ?? ""},${(i * 37) % 1000 > 400}`,
  );
  await writeFile(join(folder, "loans.csv"), `id,amount,purpose,repaid\n${lines.join("\n")}\n`);
});
afterAll(() => rm(checkout, { recursive: true }));

it("the workload of docs/workloads.md turns a CSV file of one's own into rows to train with", async () => {
  const found = (await findWorkloads(checkout)).workloads.get("loans");
  if (found === undefined) throw new Error("the page has no workload named loans");
  const source = await pinFiles(found.workload.source as Files, found.folder);
  const workload: PinnedWorkload = { ...found.workload, source };
  const [dataset, features] = [join(checkout, "dataset"), join(checkout, "features")];
  await mkdir(dataset);
  await mkdir(features);
  const db = await openDuckDb({ threads: 2, scratch: checkout });
  try {
    const { tables } = await ingest(db, stepDefinition("ingest", workload), {
      source: found.folder,
      directory: dataset,
    });
    expect(tables[0]?.columns).toEqual([
      { name: "id", type: "VARCHAR" },
      { name: "amount", type: "BIGINT" },
      { name: "purpose", type: "VARCHAR" },
      { name: "repaid", type: "BOOLEAN" },
    ]);
    await openTables(db, dataset, tables);
    const definition = stepDefinition("features", workload, "repaid");
    const { rows } = await writeFeatureTable(
      db,
      definition,
      `loans/dataset@sha256:${"0".repeat(64)}`,
      features,
    );
    expect(rows.train + rows.test).toBe(500);
    expect(rows.test).toBeGreaterThan(50);
  } finally {
    db.close();
  }
});
