import { z } from "zod";
import { digestSchema } from "../artifact-reference.ts";
import { relativePathSchema } from "../relative-path.ts";
import { licenceSchema } from "./remote-fields.ts";

/** Files in the folder of the workload. Their digests are taken when a run starts: nobody writes one by hand. */
export const filesSchema = z.strictObject({
  kind: z.literal("files"),
  /** Paths relative to the workload's folder. `*` stands for any part of the name of a file or a folder, `**` for any folders. */
  files: z.array(relativePathSchema).min(1).readonly(),
  licence: licenceSchema.optional(),
});
export type Files = z.infer<typeof filesSchema>;

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
