import { z } from "zod";
import { digestSchema } from "./artifact-reference.ts";
import { pinnedFilesSchema } from "./sources/files.ts";
import { sourceObjectSchema } from "./source-manifest.ts";
import { COLUMN_TYPES } from "./table-rule.ts";

/** Some rows of a table: those of one file of the source, or of several small ones. */
export const partitionSchema = z.strictObject({
  /** File name in the artifact, such as `flights/00000.parquet`. */
  file: z.string(),
  /** sha256 of the file. */
  digest: digestSchema,
  /** Bytes. */
  size: z.int().min(0),
  rows: z.int().min(0),
  /** sha256 of all that determines its rows: the files of the source, the rules of the columns, the writer. */
  inputs: digestSchema,
  /** Column → its number of missing values. */
  nulls: z.record(z.string(), z.int().min(0)),
  /** Column without a type in the definition → the types that all its values have, besides VARCHAR; null if it has no value. */
  fits: z.record(z.string(), z.array(z.enum(COLUMN_TYPES)).nullable()),
});
export type Partition = z.infer<typeof partitionSchema>;

/** One table of a data set. Its rows are those of its partitions, in their order. */
export const tableManifestSchema = z.strictObject({
  name: z.string(),
  rows: z.int().min(0),
  columns: z.array(z.strictObject({ name: z.string(), type: z.enum(COLUMN_TYPES) })),
  partitions: z.array(partitionSchema).min(1),
});
export type TableManifest = z.infer<typeof tableManifestSchema>;

/** `dataset.json`: the tables and the source of a data set. It has no time of day, so the same source gives the same digest. */
export const datasetManifestSchema = z.strictObject({
  schemaVersion: z.literal(2),
  workload: z.string(),
  tables: z.array(tableManifestSchema),
  source: z.union([
    z.strictObject({
      package: z.string(),
      version: z.string(),
      /** sha256 of the package as published. */
      digest: digestSchema,
      /** SPDX identifier. */
      licence: z.string(),
    }),
    pinnedFilesSchema,
    /** A remote source: the fields of its definition, except credentials, and the objects that were read. */
    z.looseObject({ kind: z.string(), objects: z.array(sourceObjectSchema) }),
  ]),
});
export type DatasetManifest = z.infer<typeof datasetManifestSchema>;
