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

/** A read-only transaction that sees the database as it was at one moment. */
export interface DatabaseSession {
  /** Returns a quoted identifier. */
  identifier(name: string): string;
  /** Returns the columns of `SELECT * FROM from`, which reads no row. */
  describe(from: string): Promise<DatabaseColumn[]>;
  /** Returns the first value of the first row as text; undefined if it is NULL, or if there is no row. */
  scalar(query: string): Promise<string | undefined>;
  /**
   * Selects columns of `from` and returns the rows as CSV, in pieces of whole lines: a constant, then the values in quotes, NULL as nothing,
   * times in UTC. Throws BadInput for a row of more than `maxRowBytes`.
   */
  csv(columns: readonly KeptColumn[], from: string, maxRowBytes: number): AsyncIterable<Uint8Array>;
  /** Returns what an error of this database means; undefined for any other error. */
  fault(error: unknown, owner: string): RuntimeFault | undefined;
  /** Ends the connection, also in the middle of a statement. */
  close(): Promise<void>;
}
