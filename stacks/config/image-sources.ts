import { mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import { IMAGE_NAMES, imagePlatformSchema } from "../../components/platform/registry/images-lock.ts";
import { digestSchema } from "../../runtime/contract/artifact-reference.ts";
import { describeIssues, type ConfigFault } from "../../runtime/contract/issues/describe-issues.ts";
import { parseImageReference } from "./image-reference.ts";

const sourceSchema = z.strictObject({
  /** `HOST/REPOSITORY:TAG`. */
  reference: z.string().superRefine((text, context) => {
    try {
      parseImageReference(text);
    } catch (error) {
      context.addIssue({ code: "custom", message: (error as Error).message });
    }
  }),
  /** Digest of the tag when it was pinned: of an image, or of an index of images. `npm run lock` writes it. */
  digest: digestSchema.optional(),
  /** Platforms for which the digest has an image. `npm run lock` writes them. */
  platforms: z.array(imagePlatformSchema).min(1).optional(),
});

const sourcesSchema = z.strictObject({
  schemaVersion: z.literal(1),
  images: z.partialRecord(z.enum(IMAGE_NAMES), sourceSchema),
});
export type ImageSources = z.infer<typeof sourcesSchema>;

/** Reads `images.sources.json`, which names the upstream image of each image. Throws an error with the key and the rule. */
export async function loadImageSources(path: string): Promise<ImageSources> {
  let json: unknown;
  try {
    json = JSON.parse(await readFile(path, "utf8"));
  } catch (error) {
    throw new Error(
      `${path}: must be a JSON file that names the upstream images: ${(error as Error).message}`,
      { cause: error },
    );
  }
  const parsed = sourcesSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const faults = describeIssues(parsed.error.issues, {
    schema: sourcesSchema,
    config: json,
    secretPaths: [],
  });
  throw new Error(
    faults.map((fault) => `${path}: ${fault.path.join(".")}: ${formatFault(fault)}`).join("\n  "),
  );
}

function formatFault({ message, fix }: ConfigFault): string {
  return fix === undefined ? message : `${message}; ${fix}`;
}

/** Writes the sources, whole or not at all. */
export async function writeImageSources(path: string, sources: ImageSources): Promise<void> {
  const folder = await mkdtemp(join(dirname(path), ".images-sources-"));
  try {
    await writeFile(join(folder, "sources"), `${JSON.stringify(sources, null, 2)}\n`);
    await rename(join(folder, "sources"), path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
