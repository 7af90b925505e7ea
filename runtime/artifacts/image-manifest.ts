import { z } from "zod";
import { Corrupt } from "../errors.ts";
import {
  DOCKER_INDEX_TYPE,
  DOCKER_MANIFEST_TYPE,
  INDEX_TYPE,
  MANIFEST_TYPE,
  descriptorSchema,
  type Descriptor,
} from "./manifest.ts";
import type { RawManifest } from "./registry-client.ts";

const INDEX_TYPES = [INDEX_TYPE, DOCKER_INDEX_TYPE];
const IMAGE_TYPES = [MANIFEST_TYPE, DOCKER_MANIFEST_TYPE];

const entrySchema = descriptorSchema.extend({
  platform: z.looseObject({ os: z.string(), architecture: z.string() }).optional(),
});
const indexSchema = z.looseObject({ schemaVersion: z.literal(2), manifests: z.array(entrySchema) });
const imageSchema = z.looseObject({
  schemaVersion: z.literal(2),
  artifactType: z.string().optional(),
  config: descriptorSchema,
  layers: z.array(descriptorSchema), // an attestation in an index may have none
  subject: descriptorSchema.optional(),
  annotations: z.record(z.string(), z.string()).optional(),
});

/** Whether a manifest is an index, which lists other manifests. */
export function isIndex({ mediaType }: RawManifest): boolean {
  return INDEX_TYPES.includes(mediaType);
}

/** Returns the entries of an index. */
export function indexEntries(manifest: RawManifest, what: string): z.infer<typeof entrySchema>[] {
  return parse(indexSchema, manifest, what).manifests;
}

/** Returns the digests of all images in an index, of every platform and with their attestations; none where the manifest is an image. */
export function indexDigests(manifest: RawManifest, what: string): string[] {
  if (!isIndex(manifest)) return [];
  return [...new Set(indexEntries(manifest, what).map(({ digest }) => digest))];
}

/** Returns the descriptors of the config and the layers of an image or an artifact. */
export function imageBlobs(
  manifest: RawManifest,
  what: string,
): { config: Descriptor; layers: Descriptor[] } {
  if (!IMAGE_TYPES.includes(manifest.mediaType))
    throw new Error(`${what}: must be an OCI or Docker v2 image, got ${manifest.mediaType}`);
  const { config, layers } = parse(imageSchema, manifest, what);
  return { config, layers };
}

/**
 * Returns the descriptor by which a manifest is listed among the referrers of its `subject`; undefined if it has no subject.
 * @see https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pushing-manifests-with-subject
 */
export function referrerOf(
  manifest: RawManifest,
  what: string,
): { subject: string; referrer: Descriptor } | undefined {
  if (isIndex(manifest)) return undefined;
  const { subject, artifactType, config, annotations } = parse(imageSchema, manifest, what);
  if (subject === undefined) return undefined;
  const { digest, mediaType, bytes } = manifest;
  const referrer = {
    mediaType,
    artifactType: artifactType ?? config.mediaType,
    digest,
    size: bytes.length,
    ...(annotations === undefined ? {} : { annotations }),
  };
  return { subject: subject.digest, referrer };
}

function parse<Schema extends z.ZodType>(
  schema: Schema,
  { bytes }: RawManifest,
  what: string,
): z.infer<Schema> {
  let json: unknown;
  try {
    json = JSON.parse(bytes.toString());
  } catch {
    throw new Corrupt(`${what}: its manifest must be JSON`);
  }
  const parsed = schema.safeParse(json);
  if (!parsed.success)
    throw new Corrupt(`${what}: its manifest is not valid: ${parsed.error.issues[0]?.message}`);
  return parsed.data;
}
