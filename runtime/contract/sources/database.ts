import { z } from "zod";
import { credentialsSchema, licenceSchema } from "./remote-fields.ts";

/** A table of a database, or the rows of a query. Its rows become Parquet files in the folder `name` of the source. */
export const databaseTableSchema = z
  .strictObject({
    /** Name of the folder: a table of the workload has `files: "NAME/*.parquet"`. */
    name: z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9_-]*$/, "must have letters, digits, _ and - alone"),
    /** Name in the database, with its schema if it needs one: `orders`, `shop.orders`. */
    table: z.string().min(1).optional(),
    /** One SELECT. */
    query: z.string().min(1).optional(),
    /**
     * Column of numbers or times that only grows: a run reads the rows whose value is greater than the greatest one that was read before, and
     * adds them as a new file. Changes of older rows are not seen. @default - every run reads all rows
     */
    watermark: z.string().min(1).optional(),
    /** Raise it to read all rows again, such as after a change of older rows. @default 1 */
    revision: z.int().min(1).default(1),
  })
  .refine(
    ({ table, query }) => (table === undefined) !== (query === undefined),
    "must have either table or query",
  );
export type DatabaseTable = z.infer<typeof databaseTableSchema>;

const tablesSchema = z
  .array(databaseTableSchema)
  .min(1)
  .readonly()
  .refine(
    (tables) => new Set(tables.map(({ name }) => name.toLowerCase())).size === tables.length,
    "must have each name once",
  );

/** Fields that the kinds of databases share. */
export const databaseFields = {
  /** Host name or address. */
  host: z.string().min(1),
  database: z.string().min(1),
  /** Secret with `username` and `password`, and with `ca.crt`, in PEM, if no public authority signed the server's certificate. */
  credentials: credentialsSchema,
  /** `verify`: encrypted, and the certificate must be the host's. `off`: data and password cross the network in plain text. @default "verify" */
  tls: z.enum(["verify", "off"]).default("verify"),
  /** Longest time of one statement, in seconds. @default 3600 */
  statementSeconds: z.int().min(1).max(86_400).default(3600),
  /** All are read in one snapshot: as they were at one moment. */
  tables: tablesSchema,
  licence: licenceSchema.optional(),
};

/** A TCP port. */
export const databasePort = z.int().min(1).max(65_535);
