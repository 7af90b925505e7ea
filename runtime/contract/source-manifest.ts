import { z } from "zod";
import { digestSchema } from "./artifact-reference.ts";

/** One file of a source as it was read. */
export const sourceObjectSchema = z.strictObject({
  /** Path relative to the source, by which tables name it. */
  name: z.string(),
  /** sha256 of its bytes. */
  digest: digestSchema,
  /** Bytes. */
  size: z.int().min(0),
  /** What its origin calls this state of it: an ETag, a version, a generation, a watermark. The same one is not read again. */
  version: z.string().optional(),
});
export type SourceObject = z.infer<typeof sourceObjectSchema>;

/** Folder of a source artifact with the objects, by their names. */
export const OBJECTS_FOLDER = "objects";

/** Most objects of a source: registries take no larger manifest than 4 MiB. */
export const MAX_SOURCE_OBJECTS = 10_000;

/** `source.json` beside the objects of a source artifact: what was read. It has no time of day, so the same state gives the same digest. */
export const sourceManifestSchema = z.strictObject({
  schemaVersion: z.literal(1),
  workload: z.string(),
  /** Sorted by name. */
  objects: z.array(sourceObjectSchema),
});
export type SourceManifest = z.infer<typeof sourceManifestSchema>;
