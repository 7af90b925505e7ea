import type { ModelDefinition } from "../../runtime/contract/model-definition.ts";
import type { TableRule } from "../../runtime/contract/table-rule.ts";
import type { Workload } from "../../runtime/contract/workload.ts";
import { identifier, literal, openDuckDb, type DuckDb } from "../../runtime/duckdb.ts";

/** A fault in the SQL of a definition. */
export interface SqlFault {
  /** The model whose rows it is; undefined for a view, which concerns every model of the workload. */
  model: string | undefined;
  /** The file, the field, the line and column, and the reason. */
  message: string;
}

/** One text of SQL in a definition. */
interface Statement {
  /** Its field, such as `views.plane.history`. */
  field: string;
  model?: string;
  sql: string;
  /** What stands before the text where it is part of a statement, such as the SELECT of a condition. */
  before: string;
  /** Columns that the result must have. */
  columns: readonly string[];
  /** Tables of the data set that it may read. */
  tables: readonly string[];
}

/**
 * Checks all SQL of a workload without data, and returns its faults, each with the file, the field, the line and column of the SQL, and
 * DuckDB's words. Names of columns, and types, are checked where every table that the SQL reads declares all its columns with types;
 * otherwise they are not known before the data is read. No SQL runs.
 *
 * @param file - name of the definition, for messages
 */
export async function checkSql(
  workload: Workload,
  file = `workloads/${workload.name}/workload.ts`,
): Promise<SqlFault[]> {
  const statements = statementsOf(workload);
  if (statements.length === 0) return [];
  const db = await openDuckDb({ threads: 1, memoryMib: 200 });
  try {
    const declared = new Set<string>();
    for (const table of workload.tables) if (await declare(db, table)) declared.add(table.name);
    const faults: SqlFault[] = [];
    for (const statement of statements) {
      const fault = await faultOf(db, statement, declared);
      if (fault !== undefined)
        faults.push({ model: statement.model, message: `${file}: ${statement.field}: ${fault}` });
    }
    return faults;
  } finally {
    db.close();
  }
}

function statementsOf({ views, models }: Workload): Statement[] {
  return [
    ...views.map(({ name, history, entity, features, tables }) => ({
      field: `views.${name}.history`,
      sql: history,
      before: "",
      columns: [...entity, "event_at", "known_at", ...features.map((feature) => feature.name)],
      tables,
    })),
    ...models.flatMap((model) => modelStatements(model, views)),
  ];
}

function modelStatements(model: ModelDefinition, views: Workload["views"]): Statement[] {
  const { name, rows, tables = [], request, segments, task } = model;
  if (typeof rows !== "string")
    return rows.where === undefined
      ? []
      : [
          {
            field: `models.${name}.rows.where`,
            model: name,
            sql: rows.where,
            before: `SELECT * FROM ${identifier(rows.table)} WHERE `,
            columns: [],
            tables: [rows.table],
          },
        ];
  const entities = views.filter((view) => model.views.includes(view.name)).flatMap((view) => view.entity);
  const columns = [
    "label",
    ...entities,
    ...request.map((column) => column.name),
    ...segments,
    ...(task.kind === "ranking" ? [task.group] : []),
    ...(model.split === undefined ? ["split"] : []),
  ];
  return [
    {
      field: `models.${name}.rows`,
      model: name,
      sql: rows,
      before: "",
      columns: [...new Set(columns)],
      tables,
    },
  ];
}

/** Makes an empty table with the columns of a rule. Returns whether the rule has a type for every column. */
async function declare(db: DuckDb, { name, columns }: TableRule): Promise<boolean> {
  if (columns === undefined || columns.length === 0) return false;
  const typed = columns.flatMap((column) =>
    column.type === undefined ? [] : [`${identifier(column.name)} ${column.type}`],
  );
  if (typed.length < columns.length) return false;
  await db.run(`CREATE OR REPLACE TABLE ${identifier(name)} (${typed.join(", ")})`);
  return true;
}

/** DuckDB's answer about a statement that it did not run. */
interface Verdict {
  error?: boolean;
  error_type?: string;
  error_message?: string;
  /** Characters before the fault. */
  position?: string;
  statements?: unknown[];
}

async function faultOf(
  db: DuckDb,
  { sql, before, columns, tables }: Statement,
  declared: ReadonlySet<string>,
): Promise<string | undefined> {
  const statement = before + sql;
  const parsed = await ask(db, "json_serialize_sql", statement);
  if (parsed.error === true) return described(parsed, sql, before);
  if (parsed.statements?.length !== 1)
    return `must be one SELECT without ; at its end, got ${parsed.statements?.length ?? 0}`;
  // The jobs put it into parentheses.
  if ((await ask(db, "json_serialize_sql", `SELECT * FROM (${statement})`)).error === true)
    return "must not end with ; or with a comment: it becomes part of a longer statement";
  if (!tables.every((table) => declared.has(table))) return undefined;
  const planned = await ask(db, "json_serialize_plan", statement);
  // A plan that cannot be shown is not a fault.
  if (
    planned.error === true &&
    planned.error_type !== "not implemented" &&
    planned.error_type !== "serialization"
  )
    return described(planned, sql, before);
  if (columns.length === 0 || planned.error === true) return undefined;
  const found = (await db.rows(`DESCRIBE ${statement}`)).map((row) =>
    String(row["column_name"]).toLowerCase(),
  );
  const missing = columns.filter((column) => !found.includes(column.toLowerCase()));
  return missing.length === 0
    ? undefined
    : `must return the columns ${columns.join(", ")}; missing: ${missing.join(", ")}; it returns ${found.join(", ")}`;
}

async function ask(
  db: DuckDb,
  check: "json_serialize_sql" | "json_serialize_plan",
  sql: string,
): Promise<Verdict> {
  const [row] = await db.rows(`SELECT ${check}(${literal(sql)})::VARCHAR AS verdict`);
  return JSON.parse(String(row?.["verdict"])) as Verdict;
}

/** Writes a fault with its line and column in the author's text, both from 1 on. */
function described(
  { error_type: type, error_message: message = "", position }: Verdict,
  sql: string,
  before: string,
): string {
  if (type === "not implemented") return "must be one SELECT, which reads and changes nothing";
  const words = message
    .split(/\n\s*(LINE \d+:|Candidate functions:)/)[0]!
    .replace(/\s+/g, " ")
    .trim();
  const at = Number(position) - Buffer.byteLength(before);
  if (position === undefined || !(at >= 0)) return words;
  const lines = Buffer.from(sql).subarray(0, at).toString().split("\n");
  return `line ${lines.length}, column ${lines.at(-1)!.length + 1}: ${words}`;
}
