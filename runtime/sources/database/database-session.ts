import type { RuntimeFault } from "../../errors.ts";

/** A column of a table's rows. */
export interface DatabaseColumn {
  name: string;
  /** Type as the database writes it, such as `numeric(10,2)`. */
  native: string;
  /** DuckDB's type in the Parquet file. @default - the type is not kept */
  type?: string | undefined;
}

/** A column whose type is kept. */
export type KeptColumn = DatabaseColumn & { type: string };

/** Rows to read. */
export interface CsvRows {
  columns: readonly KeptColumn[];
  /** SQL after FROM. */
  from: string;
  /** SQL after ORDER BY. */
  order: string;
  maxRowBytes: number;
}

/** A read-only transaction that sees the database as it was at one moment. */
export interface DatabaseSession {
  /** Returns a quoted identifier. */
  identifier: (name: string) => string;
  /** Returns the columns of `SELECT * FROM from`, which reads no row. */
  describe(from: string): Promise<DatabaseColumn[]>;
  /** Returns the columns of a table's primary key, in its order; none if it has no key, or if it is a view. */
  primaryKey(table: readonly string[]): Promise<string[]>;
  /** Returns SQL for a hash of the values of a row, which is the same for the same values alone. */
  rowHash(columns: readonly KeptColumn[]): string;
  /** Returns the first value of the first row as text; undefined if it is NULL, or if there is no row. */
  scalar(query: string): Promise<string | undefined>;
  /**
   * Selects columns of `from`, sorted by `order`, and returns the rows as CSV, in pieces of whole lines: a constant, then the values in quotes, NULL as nothing,
   * times in UTC. Throws BadInput for a row of more than `maxRowBytes`.
   */
  csv(rows: CsvRows): AsyncIterable<Uint8Array>;
  /** Returns what an error of this database means; undefined for any other error. */
  fault(error: unknown, owner: string): RuntimeFault | undefined;
  /** Ends the connection, also in the middle of a statement. */
  close(): Promise<void>;
}
