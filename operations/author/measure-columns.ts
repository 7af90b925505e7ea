import type { Task } from "../../runtime/contract/task.ts";
import { identifier, literal, type DuckDb } from "../../runtime/duckdb.ts";
import { columnStrength, type Strength } from "./column-strength.ts";
import { PROFILED, type ColumnProfile } from "./profile-table.ts";

const MOST_ROWS = 20_000;
/** Values that are held in memory at a time. */
const MOST_VALUES = 4_000_000;

/** Measures how well each column alone predicts the target, on a sample of the rows with a target. */
export async function measureColumns(
  db: DuckDb,
  task: Task,
  target: string,
  columns: readonly ColumnProfile[],
): Promise<ReadonlyMap<string, Strength>> {
  await db.run(
    `CREATE OR REPLACE TABLE measured AS SELECT * FROM ${PROFILED} WHERE ${identifier(target)} IS NOT NULL USING SAMPLE reservoir(${MOST_ROWS} ROWS) REPEATABLE (1)`,
  );
  const label = labelSql(task, identifier(target));
  const strengths = new Map<string, Strength>();
  const rows = await db.number("SELECT count(*) FROM measured");
  const atOnce = Math.max(1, Math.floor(MOST_VALUES / Math.max(1, rows)));
  for (let start = 0; start < columns.length; start += atOnce) {
    const part = columns.slice(start, start + atOnce);
    const values = part.map((): (string | number | null)[] => []);
    const labels: number[] = [];
    const selected = part.map(({ name, type }) => valueSql(identifier(name), type));
    await db.chunks(`SELECT ${[label, ...selected].join(", ")} FROM measured`, ([first = [], ...others]) => {
      labels.push(...(first as number[]));
      others.forEach((column, i) => values[i]!.push(...(column as (string | number | null)[])));
    });
    part.forEach(({ name }, i) => {
      const strength = columnStrength(task.kind, values[i]!, labels);
      if (strength !== undefined) strengths.set(name, strength);
    });
  }
  await db.run("DROP TABLE measured");
  return strengths;
}

function labelSql(task: Task, label: string): string {
  if (task.kind === "multiclass") return `(dense_rank() OVER (ORDER BY ${label}))::DOUBLE`;
  if (task.kind === "binary" && task.positive !== undefined)
    return `(${label}::VARCHAR = ${literal(String(task.positive))})::INTEGER::DOUBLE`;
  return `${label}::DOUBLE`;
}

function valueSql(column: string, type: ColumnProfile["type"]): string {
  if (type === "BIGINT" || type === "DOUBLE") return `${column}::DOUBLE`;
  return type === "DATE" || type === "TIMESTAMP" ? `epoch_ms(${column})::DOUBLE` : `${column}::VARCHAR`;
}
