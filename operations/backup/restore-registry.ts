import type { Progress } from "../../local/progress.ts";
import { referrerOf } from "../../runtime/artifacts/image-manifest.ts";
import { layoutBlobPath } from "../../runtime/artifacts/oci-layout.ts";
import { recordReferrer } from "../../runtime/artifacts/referrers.ts";
import type { RegistryClient } from "../../runtime/artifacts/registry-client.ts";
import { forEachBlob } from "../../runtime/artifacts/transfer-blobs.ts";
import { WrongRequest } from "../wrong-request.ts";
import type { ManifestToPush, RestorePlan } from "./plan-restore.ts";

/** The treatment of tags that name another artifact in the registry than in the backup. */
export const MOVED_TAGS = ["keep", "overwrite"] as const;
export type MovedTags = (typeof MOVED_TAGS)[number];

export interface ApplyOptions {
  registry: RegistryClient;
  /** Folder of the backup. */
  directory: string;
  /** `keep` leaves the tags of the registry, `overwrite` sets those of the backup. @default - the restore is refused */
  movedTags?: MovedTags | undefined;
}

/**
 * Pushes what the registry does not have, and sets the tags after all content is there. A restore that was interrupted is finished by the
 * next: its plan is what is left.
 *
 * @throws WrongRequest, before any change, if a tag names another artifact in the registry and `movedTags` is not given
 */
export async function restoreRegistry(
  progress: Progress,
  plan: RestorePlan,
  { registry, directory, movedTags }: ApplyOptions,
): Promise<void> {
  if (plan.movedTags.length > 0 && movedTags === undefined)
    throw new WrongRequest(
      `restore: ${plan.movedTags.length} tags name another artifact in ${registry.name} than in the backup; nothing was changed. ` +
        `--moved-tags keep leaves them, --moved-tags overwrite sets those of the backup`,
    );
  for (const [repository, manifests] of byRepository(plan.manifests))
    await progress.step(`Push ${manifests.length} artifacts to ${repository}`, async () => {
      for (const manifest of manifests) await push(registry, directory, manifest);
    });
  const tags = [...plan.tags, ...(movedTags === "overwrite" ? plan.movedTags : [])];
  if (tags.length > 0)
    await progress.step(`Set ${tags.length} tags`, async (step) => {
      for (const { repository, tag, digest } of tags) {
        await registry.putTag(repository, tag, digest);
        step.update(`${repository}:${tag} → ${digest}`);
      }
    });
}

function byRepository(manifests: readonly ManifestToPush[]): Map<string, ManifestToPush[]> {
  const groups = new Map<string, ManifestToPush[]>();
  for (const manifest of manifests)
    groups.set(manifest.repository, [...(groups.get(manifest.repository) ?? []), manifest]);
  return groups;
}

async function push(registry: RegistryClient, directory: string, manifest: ManifestToPush): Promise<void> {
  const { repository, digest, bytes, mediaType, blobs, present } = manifest;
  await forEachBlob(blobs, (blob) =>
    registry.pushBlob(repository, blob.digest, layoutBlobPath(directory, blob.digest)),
  );
  if (present) return;
  const listed = await registry.putManifest(repository, digest, bytes, mediaType);
  const link = referrerOf(manifest, `${repository}@${digest}`);
  if (link !== undefined && !listed) await recordReferrer(registry, repository, link.subject, link.referrer);
}
