import { z } from "zod";
import { digestSchema, repositorySchema } from "../../../runtime/contract/artifact-reference.ts";
import { ARCHITECTURES } from "../kubernetes/architecture.ts";
import { UPSTREAM_PATTERN } from "./upstream.ts";

/** Images of add-ons that only clusters in a cloud run. */
export const ADD_ON_IMAGES = [
  "cluster-autoscaler",
  "dcgm-exporter",
  "nvidia-device-plugin",
  "neuron-device-plugin",
  "external-secrets",
  "aws-load-balancer-controller",
] as const;

/** Images of the platform itself, which every cluster runs. */
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

/** Platforms of nodes, for which an image can have a build. Others are not recorded. */
export const IMAGE_PLATFORMS = ARCHITECTURES.map((architecture) => `linux/${architecture}` as const);
export const imagePlatformSchema = z.enum(IMAGE_PLATFORMS);
export type ImagePlatform = z.infer<typeof imagePlatformSchema>;

export const lockedImageSchema = z.strictObject({
  /** Repository in the environment's registry, without a host. */
  repository: repositorySchema,
  /** Digest of the image, or of an index with an image for each platform. */
  digest: digestSchema,
  /** Where a public registry has this digest: `HOST/REPOSITORY:TAG`. Absent for images that are built here. */
  upstream: z.string().regex(UPSTREAM_PATTERN, "must be HOST/REPOSITORY:TAG").optional(),
  /** Platforms for which the digest has an image. Absent until its registry was asked for them. */
  platforms: z.array(imagePlatformSchema).min(1).optional(),
  /** Size of its layers and its config in the registry. Absent until the image is built or mirrored. */
  sizeBytes: z.int().positive().optional(),
  /** How the image was built, or the pinned image that it was copied from. */
  source: z.string().min(1),
});
export type LockedImage = z.infer<typeof lockedImageSchema>;

/** `images.<stack>.lock.json`: the images that a stack runs, by digest. Valid for any registry that has the digests. */
export const imagesLockSchema = z.strictObject({
  schemaVersion: z.literal(1),
  images: z.partialRecord(z.enum(IMAGE_NAMES), lockedImageSchema),
});
export type ImagesLock = z.infer<typeof imagesLockSchema>;

/** Parses the text of a lock file. Throws an error with `path`, the key and the rule if it is not valid. */
export function parseImagesLock(text: string, path: string): ImagesLock {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new Error(`${path}: must be JSON; delete it and build the images again`);
  }
  const parsed = imagesLockSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
  throw new Error(`${path}: ${issues.join("; ")}; delete it and build the images again`);
}

/** Returns `<host>/<repository>@<digest>` for a pod. `host` may have a path prefix. Throws if the image is not in the lock. */
export function imageReference(lock: ImagesLock, host: string, name: ImageName): string {
  const image = lock.images[name];
  if (image === undefined)
    throw new Error(`images lock: must name the image ${name}; build or mirror the images again`);
  return `${host}/${image.repository}@${image.digest}`;
}
