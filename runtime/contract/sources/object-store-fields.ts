import { z } from "zod";
import { relativePathSchema } from "../relative-path.ts";
import { remoteFields } from "./remote-fields.ts";

/** Fields of every source that lists objects by the beginning of their names. */
export const objectStoreFields = {
  /** Folder of the bucket. The names of the source's files are relative to it. @default - the whole bucket */
  prefix: z
    .string()
    .regex(/^[^/].*$/, "must be a folder without / at its start, such as exports/2026")
    .optional(),
  /** Names of objects relative to `prefix`. `*` stands for any part of a name between slashes, `**` for any folders. @default ["**"] */
  files: z.array(relativePathSchema).min(1).readonly().optional(),
  ...remoteFields,
};
export type ObjectStoreFields = z.infer<z.ZodObject<typeof objectStoreFields>>;

/** Address of a server that speaks a cloud's protocol. */
export const endpointSchema = z
  .url({ protocol: /^https?$/, error: "must be a URL that starts with https:// or http://" })
  .refine(
    (url) => !URL.canParse(url) || new URL(url).username === "",
    "must have no user and no password: name a Secret in source.credentials",
  );
