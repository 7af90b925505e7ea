import { z } from "zod";
import { digestSchema, repositorySchema } from "../../../runtime/contract/artifact-reference.ts";

/** Images of add-ons that only clusters of clouds run. */
export const ADD_ON_IMAGES = [
  "cluster-autoscaler",
  "dcgm-exporter",
  "nvidia-device-plugin",
  "neuron-device-plugin",
] as const;

/** Images of the platform itself, which run on any cluster. */
export const PLATFORM_IMAGES = [
  "runtime",
  "redis",
  "prometheus",
  "alertmanager",
  "pushgateway",
  "coredns",
  "pause",
] as const;

/** Every image that a stack can run; each is a repository `slipway/<name>` of the environment's registry. */
export const IMAGE_NAMES = [...PLATFORM_IMAGES, ...ADD_ON_IMAGES] as const;
export type ImageName = (typeof IMAGE_NAMES)[number];
export type AddOnImage = (typeof ADD_ON_IMAGES)[number];

export const lockedImageSchema = z.strictObject({
  /** Repository in the environment's registry, without a host. */
  repository: repositorySchema,
  /** Digest of the image's manifest. */
  digest: digestSchema,
  /** Bytes that the registry keeps for this image: its layers and its config. Absent until the image was built or mirrored. */
  sizeBytes: z.int().positive().optional(),
  /** How it was built or where it was copied from, with its pins. */
  source: z.string().min(1),
});
export type LockedImage = z.infer<typeof lockedImageSchema>;

/** `images.<stack>.lock.json`: what an environment runs, by digest. Valid for any registry that holds the digests. */
export const imagesLockSchema = z.strictObject({
  schemaVersion: z.literal(1),
  images: z.partialRecord(z.enum(IMAGE_NAMES), lockedImageSchema),
});
export type ImagesLock = z.infer<typeof imagesLockSchema>;

/** Parses the text of a lock file. `path` is for the error, which names the key and the rule. */
export function parseImagesLock(text: string, path: string): ImagesLock {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new Error(`${path}: must be JSON; delete it and build the images again`);
  }
  const parsed = imagesLockSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map(({ path: at, message }) => `${at.join(".")}: ${message}`);
  throw new Error(`${path}: ${issues.join("; ")}; delete it and build the images again`);
}

/** `<host>/<repository>@<digest>`, as a pod names it. `host` may carry a path prefix. Throws if the lock lacks the image. */
export function imageReference(lock: ImagesLock, host: string, name: ImageName): string {
  const image = lock.images[name];
  if (image === undefined)
    throw new Error(`images lock: must name the image ${name}; build or mirror the images again`);
  return `${host}/${image.repository}@${image.digest}`;
}
