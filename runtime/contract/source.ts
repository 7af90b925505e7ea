import { z } from "zod";
import { azureBlobSchema } from "./sources/azure-blob.ts";
import { filesSchema, pinnedFilesSchema } from "./sources/files.ts";
import { gcsSchema } from "./sources/gcs.ts";
import { httpSchema } from "./sources/http.ts";
import { mysqlSchema } from "./sources/mysql.ts";
import { postgresSchema } from "./sources/postgres.ts";
import { pythonPackageSchema } from "./sources/python-package.ts";
import { s3Schema } from "./sources/s3.ts";

/** Sources whose content is known only after they have been read. `runtime/sources/source-readers.ts` has a reader of each kind. */
const REMOTE = [httpSchema, s3Schema, gcsSchema, azureBlobSchema, postgresSchema, mysqlSchema] as const;

export const remoteSourceSchema = z.discriminatedUnion("kind", REMOTE);
export type RemoteSource = z.infer<typeof remoteSourceSchema>;

/** Where the data of a workload comes from. */
export const sourceSchema = z.discriminatedUnion("kind", [pythonPackageSchema, filesSchema, ...REMOTE]);
export type Source = z.infer<typeof sourceSchema>;

/** A source whose content is known by digest before it is read. */
export const pinnedSourceSchema = z.discriminatedUnion("kind", [pythonPackageSchema, pinnedFilesSchema]);
export type PinnedSource = z.infer<typeof pinnedSourceSchema>;

/** A source as `fetch` gets it. */
export const fetchedSourceSchema = z.discriminatedUnion("kind", [
  pythonPackageSchema,
  pinnedFilesSchema,
  ...REMOTE,
]);
export type FetchedSource = z.infer<typeof fetchedSourceSchema>;

/** The definition of a remote source for a step that does not reach it: without its credentials, whose change changes no data. */
export const readRemoteSourceSchema = z
  .looseObject({ kind: z.enum(REMOTE.map(({ shape }) => shape.kind.value)), licence: z.string().optional() })
  .transform((source) => {
    const { credentials: _unused, ...read } = source;
    return read;
  });
export type ReadRemoteSource = z.infer<typeof readRemoteSourceSchema>;

/** Whether a source has to be read to know its content. */
export function isRemote<Any extends { kind: string }>(
  source: Any,
): source is Exclude<Any, { kind: "files" | "python-package" }> {
  return REMOTE.some(({ shape }) => shape.kind.value === source.kind);
}
