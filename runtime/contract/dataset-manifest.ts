import { z } from "zod";
import { digestSchema } from "./artifact-reference.ts";
import { pinnedFilesSchema } from "./sources/files.ts";
import { sourceObjectSchema } from "./source-manifest.ts";

/** One table of a data set. */
export const tableManifestSchema = z.strictObject({
  /** File name in the artifact, such as `flights.parquet`. */
  file: z.string(),
  /** sha256 of the file. */
  digest: digestSchema,
  rows: z.int().min(0),
  columns: z.array(z.strictObject({ name: z.string(), type: z.string() })),
});

/** `dataset.json`: the tables and the source of a data set. It has no time of day, so the same source gives the same digest. */
export const datasetManifestSchema = z.strictObject({
  schemaVersion: z.literal(1),
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
