import { z } from "zod";
import { IMAGE_PLATFORMS, type ImagePlatform } from "../../components/platform/registry/images-lock.ts";
import {
  DOCKER_INDEX_TYPE,
  DOCKER_MANIFEST_TYPE,
  INDEX_TYPE,
  MANIFEST_TYPE,
  descriptorSchema,
  type Descriptor,
} from "../../runtime/artifacts/manifest.ts";
import type { RawManifest } from "../../runtime/artifacts/registry-client.ts";

const INDEX_TYPES = [INDEX_TYPE, DOCKER_INDEX_TYPE];
const IMAGE_TYPES = [MANIFEST_TYPE, DOCKER_MANIFEST_TYPE];

const indexSchema = z.looseObject({
  schemaVersion: z.literal(2),
  manifests: z.array(
    descriptorSchema.extend({
      platform: z.looseObject({ os: z.string(), architecture: z.string() }).optional(),
    }),
  ),
});
const imageSchema = z.looseObject({
  schemaVersion: z.literal(2),
  config: descriptorSchema,
  layers: z.array(descriptorSchema), // an attestation in an index may have none
});

/** What the nodes of every cluster and the runtime image are. */
export const PLATFORM = { os: "linux", architecture: "amd64" } as const;

/** Returns the digest of the image for our platform in an index; undefined where the manifest is an image itself. */
export function platformDigest(manifest: RawManifest, what: string): string | undefined {
  if (!INDEX_TYPES.includes(manifest.mediaType)) return undefined;
  const { manifests } = parse(indexSchema, manifest, what);
  const found = manifests.find(
    ({ platform }) => platform?.os === PLATFORM.os && platform.architecture === PLATFORM.architecture,
  );
  if (found !== undefined) return found.digest;
  const offered = manifests.map(({ platform }) => `${platform?.os}/${platform?.architecture}`);
  throw new Error(`${what}: must have an image for linux/amd64, got ${offered.join(", ") || "none"}`);
}

/** Returns the platforms of a manifest that nodes can have. A manifest that is an image itself is for our platform: `checkPlatform` refuses others. */
export function platformsOf(manifest: RawManifest, what: string): ImagePlatform[] {
  if (!INDEX_TYPES.includes(manifest.mediaType)) return [`linux/${PLATFORM.architecture}`];
  const { manifests } = parse(indexSchema, manifest, what);
  const offered = manifests.map(({ platform }) => `${platform?.os}/${platform?.architecture}`);
  return IMAGE_PLATFORMS.filter((platform) => offered.includes(platform));
}

/** Returns the digests of all images in an index, of every platform and with their attestations; none where the manifest is an image. */
export function indexDigests(manifest: RawManifest, what: string): string[] {
  if (!INDEX_TYPES.includes(manifest.mediaType)) return [];
  return [...new Set(parse(indexSchema, manifest, what).manifests.map(({ digest }) => digest))];
}

/** Returns the descriptors of the config and the layers of an image. */
export function imageBlobs(
  manifest: RawManifest,
  what: string,
): { config: Descriptor; layers: Descriptor[] } {
  if (!IMAGE_TYPES.includes(manifest.mediaType))
    throw new Error(`${what}: must be an OCI or Docker v2 image, got ${manifest.mediaType}`);
  const { config, layers } = parse(imageSchema, manifest, what);
  return { config, layers };
}

/** Throws where the config of an image is of another platform than ours. */
export function checkPlatform(config: unknown, what: string): void {
  const parsed = z.looseObject({ os: z.string(), architecture: z.string() }).safeParse(config);
  const { os, architecture } = parsed.data ?? { os: "?", architecture: "?" };
  if (os !== PLATFORM.os || architecture !== PLATFORM.architecture)
    throw new Error(`${what}: must be an image for linux/amd64, got ${os}/${architecture}`);
}

function parse<Schema extends z.ZodType>(
  schema: Schema,
  { bytes }: RawManifest,
  what: string,
): z.infer<Schema> {
  const parsed = schema.safeParse(JSON.parse(bytes.toString()));
  if (!parsed.success)
    throw new Error(`${what}: its manifest is not valid: ${parsed.error.issues[0]?.message}`);
  return parsed.data;
}
