import { DuckDBInstance } from "@duckdb/node-api";
import type { DuckDBConnection } from "@duckdb/node-api";

export interface DuckDbOptions {
  /** Threads that queries use. */
  threads: number;
  /** Folder for data that does not fit in memory. @default - none: such a query fails */
  scratch?: string;
  /** DuckDB's memory limit in MiB. @default 1000 */
  memoryMib?: number;
}

/** A private in-memory DuckDB. Joins larger than its memory use `scratch`. */
export interface DuckDb {
  run(sql: string): Promise<void>;
  /** Runs a statement on one thread, so that the order of rows in a file that it writes, and so the bytes, are fixed. */
  inOrder(sql: string): Promise<void>;
  /** Returns all rows as plain JavaScript values: BIGINT as bigint, NULL as null. */
  rows(sql: string): Promise<Record<string, unknown>[]>;
  /** Returns the first column of the first row as a number. */
  number(sql: string): Promise<number>;
  /**
   * Streams a result in chunks of at most 2048 rows: the values by column, and the index of the chunk's first row.
   * FLOAT and DOUBLE arrive as numbers, NULL as null.
   */
  chunks(sql: string, take: (columns: unknown[][], firstRow: number) => void): Promise<void>;
  /** Returns DuckDB's version, such as `v1.5.5`. */
  version(): Promise<string>;
  close(): void;
}

export async function openDuckDb(options: DuckDbOptions): Promise<DuckDb> {
  const { threads, scratch, memoryMib = 1000 } = options;
  const instance = await DuckDBInstance.create(":memory:", {
    threads: String(threads),
    memory_limit: `${memoryMib}MiB`,
    autoinstall_known_extensions: "false", // no network
    ...(scratch === undefined ? {} : { temp_directory: scratch }),
  });
  const connection: DuckDBConnection = await instance.connect();
  await connection.run("SET TimeZone = 'UTC'"); // results must not depend on where the process runs

  return {
    async run(sql) {
      await connection.run(sql);
    },
    async inOrder(sql) {
      await connection.run("SET threads = 1");
      try {
        await connection.run(sql);
      } finally {
        await connection.run(`SET threads = ${threads}`);
      }
    },
    async version() {
      const [row] = (await connection.runAndReadAll("SELECT version()")).getRowsJS();
      return row?.[0] as string;
    },
    async rows(sql) {
      return (await connection.runAndReadAll(sql)).getRowObjectsJS();
    },
    async number(sql) {
      const value = (await connection.runAndReadAll(sql)).getRowsJS()[0]?.[0];
      return Number(value);
    },
    async chunks(sql, take) {
      const result = await connection.stream(sql);
      let firstRow = 0;
      for (;;) {
        const chunk = await result.fetchChunk();
        if (chunk === null || chunk.rowCount === 0) return;
        take(chunk.getColumns(), firstRow);
        firstRow += chunk.rowCount;
      }
    },
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

/** Returns a SQL string literal. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Returns a quoted SQL identifier. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
