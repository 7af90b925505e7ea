import { z } from "zod";
import { digestSchema } from "./artifact-reference.ts";

/** SPDX identifier of the data's licence. */
const licence = z.string();

/** A source distribution on a Python package index, pinned by hash. */
export const pythonPackageSchema = z.strictObject({
  kind: z.literal("python-package"),
  package: z.string(),
  version: z.string(),
  /** Name of the source distribution's file. */
  file: z.string(),
  /** Hex digits. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/, "must be 64 hex digits"),
  licence,
});
export type PythonPackage = z.infer<typeof pythonPackageSchema>;

/** A path that stays in the folder that it starts from. */
export const relativePathSchema = z
  .string()
  .regex(
    /^(?!\/)(?!.*(^|\/)\.\.(\/|$)).+$/,
    "must be a path below its folder, without .. and without / at its start",
  );

/** Files in the folder of the workload. Their digests are taken when a run starts: nobody writes one by hand. */
export const filesSchema = z.strictObject({
  kind: z.literal("files"),
  /** Paths relative to the workload's folder. `*` stands for any part of the name of a file or a folder, `**` for any folders. */
  files: z.array(relativePathSchema).min(1).readonly(),
  licence: licence.optional(),
});
export type Files = z.infer<typeof filesSchema>;

/** Where the data of a workload comes from. */
export const sourceSchema = z.discriminatedUnion("kind", [pythonPackageSchema, filesSchema]);
export type Source = z.infer<typeof sourceSchema>;

export const pinnedFileSchema = z.strictObject({
  /** Path relative to the workload's folder. */
  name: z.string(),
  digest: digestSchema,
  /** Bytes. */
  size: z.int().min(0),
});
export type PinnedFile = z.infer<typeof pinnedFileSchema>;

/** The files of a source as they are when a run starts, sorted by name. */
export const pinnedFilesSchema = filesSchema.extend({ files: z.array(pinnedFileSchema).min(1).readonly() });
export type PinnedFiles = z.infer<typeof pinnedFilesSchema>;

/** A source whose content is known by digest. */
export const pinnedSourceSchema = z.discriminatedUnion("kind", [pythonPackageSchema, pinnedFilesSchema]);
export type PinnedSource = z.infer<typeof pinnedSourceSchema>;
