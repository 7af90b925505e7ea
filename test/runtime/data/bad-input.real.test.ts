import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { pinFiles } from "../../../operations/pipeline/pin-files.ts";
import { parseWorkload } from "../../../runtime/contract/check-workload.ts";
import type { Files } from "../../../runtime/contract/sources/files.ts";
import { stepDefinition } from "../../../runtime/contract/step-definition.ts";
import { ingest } from "../../../runtime/data/ingest.ts";
import { openDuckDb } from "../../../runtime/duckdb.ts";
import { BadInput } from "../../../runtime/errors.ts";
import { openTables, writeFeatureTable } from "../../../runtime/features/feature-table.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "bad-input-"));
  await mkdir(join(folder, "out"));
});
afterEach(() => rm(folder, { recursive: true }));

interface Parts {
  table?: object;
  rows?: object;
  request?: readonly { name: string; kind: "numeric" }[];
}

/** Runs `ingest` and `features` on `rows.csv` and returns the number of features. */
async function run({
  table = {},
  rows = {},
  request = [{ name: "x", kind: "numeric" }],
}: Parts = {}): Promise<number> {
  const parsed = parseWorkload({
    name: "w",
    source: { kind: "files", files: ["rows.csv"] },
    tables: [{ name: "rows", files: "rows.csv", ...table }],
    models: [
      {
        name: "m",
        request,
        rows: { table: "rows", label: "y", ...rows },
        trainer: {
          kind: "lightgbm",
          trees: 1,
          leaves: 2,
          learningRate: 1,
          minDataInLeaf: 1,
          categoricalSplits: false,
          seed: 1,
        },
        gate: { checks: [{ metric: "auc", min: 0.5 }] },
      },
    ],
  });
  if ("problems" in parsed) throw new Error(parsed.problems.join("; "));
  const workload = { ...parsed.workload, source: await pinFiles(parsed.workload.source as Files, folder) };
  const out = join(folder, "out");
  const db = await openDuckDb({ threads: 2, scratch: folder });
  try {
    const { tables } = await ingest(db, stepDefinition("ingest", workload), {
      source: folder,
      directory: out,
    });
    await openTables(db, out, tables);
    const dataset = `w/dataset@sha256:${"0".repeat(64)}`;
    return (await writeFeatureTable(db, stepDefinition("features", workload, "m"), dataset, out)).features
      .length;
  } finally {
    db.close();
  }
}

const lines = (count: number, line: (i: number) => string): string =>
  `${Array.from({ length: count }, (_, i) => line(i)).join("\n")}\n`;
const good = (count: number): string => lines(count, (i) => `${i},${i % 2}`);
const typed = { table: { columns: [{ name: "x", type: "BIGINT" }, { name: "y" }] } };

it.each<[string, string, Parts, string]>([
  [
    "an empty file",
    "",
    {},
    "w: rows: rows.csv: must have a first line with the names of the columns, got an empty file",
  ],
  ["a header alone", "x,y\n", {}, "w/m: rows must not be empty, got none"],
  [
    "one class",
    `x,y\n${lines(100, (i) => `${i},1`)}`,
    {},
    "w/m: train rows must have at least two different labels, got ",
  ],
  [
    "no target",
    `x,z\n${good(100)}`,
    {},
    "w/m: rows.label must be a column of rows, got y; did you mean x? (columns: x, z)",
  ],
  [
    "a target without values",
    `x,y\n${lines(100, (i) => `${i},NA`)}`,
    {},
    "w/m: train rows must have labels, got none",
  ],
  [
    "a column without values",
    `x,y\n${lines(100, (i) => `,${i % 2}`)}`,
    {},
    "w/m: x must have a value in some row, got none; leave it out",
  ],
  [
    "a declared column without values",
    `x,y\n${lines(9, (i) => `,${i % 2}`)}`,
    typed,
    "w: data breaks its rules: rows: x: at most 0 missing, found 9",
  ],
  [
    "duplicate keys of a table",
    `x,y\n${lines(100, (i) => `${i % 50},${i % 2}`)}`,
    { table: { key: ["x"] } },
    'w: data breaks its rules: rows: (x) must be unique: rows too many, found 50; such as x "',
  ],
  [
    "duplicate keys of rows",
    `x,y\n${lines(100, (i) => `${i % 50},${i % 2}`)}`,
    { rows: { key: ["x"] } },
    "w/m: row_key must be present and unique: rows that break it 50",
  ],
  [
    "a text among numbers in row 200,000",
    `x,y\n${good(200_000)}seven,1\n`,
    {},
    "w/m: x must be a number in every row (or make it categorical;",
  ],
  [
    "a text among declared numbers",
    `x,y\n${good(200_000)}seven,1\n`,
    typed,
    'w: data breaks its rules: rows: x: must be a whole number (BIGINT): rows that break it, found 1; such as x "seven"',
  ],
  [
    "a third value in row 200,000",
    `x,y\n${good(200_000)}7,1,3\n`,
    {},
    "w: rows: rows.csv: line 200002 must have 2 values, got 3",
  ],
  ["another label in row 200,000", `x,y\n${good(200_000)}7,maybe\n`, {}, "w/m: label must be 0, 1 or null"],
  [
    "names that differ by case alone",
    `x,X,y\n${lines(9, (i) => `${i},1,${i % 2}`)}`,
    {},
    "w: rows: rows.csv: columns must have names that differ by more than case, got x and X",
  ],
  [
    "a column without a name",
    `x,,y\n${lines(9, (i) => `${i},1,${i % 2}`)}`,
    {},
    "w: rows: rows.csv: columns must have names, got none for column 2 of 3",
  ],
])("%s ends with the place, the rule and the value", async (_, text, parts, message) => {
  await writeFile(join(folder, "rows.csv"), text);
  const failure: unknown = await run(parts).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(BadInput);
  expect((failure as Error).message).toContain(message);
  expect(await readdir(join(folder, "out"))).not.toContain("features.json"); // nothing half-written is pushed
});

it("names the encoding of a file that is not UTF-8", async () => {
  await writeFile(
    join(folder, "rows.csv"),
    Buffer.concat([Buffer.from("x,y\n1,0\n"), Buffer.from([0xe9, 0x2c, 0x31, 0x0a])]),
  );
  await expect(run()).rejects.toThrow(
    "w: rows: rows.csv: line 3 must be UTF-8; name the encoding of the table, such as latin-1",
  );
});

it("a path that is not there is named, with the folder", async () => {
  await expect(run()).rejects.toThrow(`source.files: must match a file in ${folder}, got rows.csv`);
});

it.each(["last", "middle"])(
  "a line of 200 MB, the %s one, is refused in little memory, and no row is dropped",
  async (place) => {
    const file = createWriteStream(join(folder, "rows.csv"));
    file.write("x,y\n1,0\n");
    const chunk = "a".repeat(2 ** 20);
    for (let i = 0; i < 200; i++) if (!file.write(chunk)) await once(file, "drain");
    file.end(place === "last" ? ",1\n" : `,1\n${good(1000)}`);
    await once(file, "close");
    const before = process.memoryUsage().rss;
    await expect(run()).rejects.toThrow("w: rows: rows.csv: line 3 must have at most 2000000 bytes");
    expect((process.memoryUsage().rss - before) / 2 ** 20).toBeLessThan(300);
  },
);

it("1,000 columns become features, and 10,000 are refused", async () => {
  await writeFile(
    join(folder, "rows.csv"),
    `${Array.from({ length: 10_000 }, (_, i) => `c${i}`).join(",")}\n${"1,".repeat(9_999)}1\n`,
  );
  await expect(run()).rejects.toThrow(
    "w: rows: rows.csv: must have at most 4000 columns, got 10000; leave out",
  );
  const names = Array.from({ length: 999 }, (_, i) => `c${i}`);
  const row = (r: number): string => `${r % 2},${names.map((_, i) => (r * i) % 97).join(",")}`;
  await writeFile(join(folder, "rows.csv"), `y,${names.join(",")}\n${lines(60, row)}`);
  expect(await run({ request: names.slice(1).map((name) => ({ name, kind: "numeric" })) })).toBe(998);
});
