import { z } from "zod";
import { ARTIFACT_KINDS } from "../contract/artifact-kind.ts";
import type { ArtifactKind } from "../contract/artifact-kind.ts";
import { INDEX_TYPE, descriptorSchema } from "./manifest.ts";
import type { Descriptor } from "./manifest.ts";
import type { RegistryClient } from "./registry-client.ts";

const indexSchema = z.looseObject({
  schemaVersion: z.literal(2),
  mediaType: z.literal(INDEX_TYPE).optional(),
  manifests: z.array(descriptorSchema),
});

/** Returns the tag that lists a digest's referrers in registries without a referrers API. */
export function referrersTag(digest: string): string {
  return digest.replace(":", "-");
}

/** Whether a tag is one that lists referrers. */
export function isReferrersTag(tag: string): boolean {
  return /^sha256-[0-9a-f]{64}$/.test(tag);
}

/** Returns the manifests whose `subject` is `digest`; with `kind`, only those of that kind. */
export async function listReferrers(
  registry: RegistryClient,
  repository: string,
  digest: string,
  kind?: ArtifactKind,
): Promise<Descriptor[]> {
  const bytes =
    (await registry.getReferrers(repository, digest)) ??
    (await registry.getManifest(repository, referrersTag(digest)))?.bytes;
  if (bytes === undefined) return [];
  const { manifests } = indexSchema.parse(JSON.parse(bytes.toString()));
  return kind === undefined
    ? manifests
    : manifests.filter(({ artifactType }) => artifactType === ARTIFACT_KINDS[kind]);
}

/**
 * Adds a referrer to the fallback tag, once. Two writers at the same moment may lose one entry: the specification has no lock.
 * Not used for registries with a referrers API.
 */
export async function recordReferrer(
  registry: RegistryClient,
  repository: string,
  subject: string,
  referrer: Descriptor,
): Promise<void> {
  const tag = referrersTag(subject);
  const present = await registry.getManifest(repository, tag);
  const known =
    present === undefined ? [] : indexSchema.parse(JSON.parse(present.bytes.toString())).manifests;
  if (known.some(({ digest }) => digest === referrer.digest)) return;
  const index = { schemaVersion: 2, mediaType: INDEX_TYPE, manifests: [...known, referrer] };
  await registry.putManifest(repository, tag, Buffer.from(JSON.stringify(index)), INDEX_TYPE);
}
