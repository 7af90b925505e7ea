import { openDuckDb } from "../../../runtime/duckdb.ts";
import { loadLightGbm } from "../../../runtime/training/lightgbm/lightgbm.ts";

// Run as a process of its own, with the path of lib_lightgbm.so and a scratch folder: what the training jobs load, used once.
const [library = "", scratch = ""] = process.argv.slice(2);
const db = await openDuckDb({ threads: 1, scratch });
await db.run(`COPY (SELECT range AS x FROM range(1000)) TO '${scratch}/x.parquet' (FORMAT parquet)`);
const rows = await db.number(`SELECT count(*) FROM read_parquet('${scratch}/x.parquet')`);
db.close();
const values = Float32Array.from({ length: rows }, (_, i) => i);
const model = await loadLightGbm(library, 1).train({
  features: { values, rows, columns: 1 },
  labels: values.map((value) => (value > rows / 2 ? 1 : 0)),
  names: ["x"],
  params: { objective: "binary", verbosity: -1 },
  iterations: 3,
});
console.log(`trained ${model.length} characters on ${rows} rows`);
