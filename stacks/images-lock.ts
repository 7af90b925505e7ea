import { z } from "zod";
import { digestSchema, repositorySchema } from "../runtime/contract/artifact-reference.ts";
import { ConfigError } from "./config-error.ts";

const imagesLockSchema = z.strictObject({
  schemaVersion: z.literal(1),
  images: z.record(
    z.string(),
    z.strictObject({
      repository: repositorySchema,
      digest: digestSchema,
      sizeBytes: z.int().min(0),
      source: z.string(),
    }),
  ),
});
export type ImagesLock = z.infer<typeof imagesLockSchema>;

/** Parses `images.<stack>.lock.json`. Throws a ConfigError that names the file and every fault. */
export function parseImagesLock(text: string, file: string): ImagesLock["images"] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new ConfigError([`slipway:images.lockFile: ${file} must be JSON; write it again`]);
  }
  const parsed = imagesLockSchema.safeParse(json);
  if (parsed.success) return parsed.data.images;
  throw new ConfigError(
    parsed.error.issues.map((issue) => `${file}: ${issue.path.join(".")}: ${issue.message}; write it again`),
  );
}
