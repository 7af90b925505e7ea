import type { RestorePlan } from "../../operations/backup/plan-restore.ts";
import { listing, megabytes } from "./render-backup.ts";

/** Returns the text of what a restore would change in a registry. */
export function renderRestorePlan(plan: RestorePlan, registry: string): string {
  const { manifests, bytes, tags, movedTags, sameTags, damaged, otherRepositories } = plan;
  const isSame = manifests.length === 0 && tags.length === 0 && movedTags.length === 0;
  return [
    isSame
      ? `${registry} has everything of the backup (${sameTags} tags)`
      : `${registry} lacks ${manifests.length} artifacts, ${megabytes(bytes)}, and ${tags.length} tags of the backup; ${sameTags} tags are the same`,
    ...listing(
      "Tags to set:",
      tags.map(({ repository, tag, digest }) => `${repository}:${tag} → ${digest}`),
    ),
    ...listing(
      "Tags that name another artifact in the registry:",
      movedTags.map(
        ({ repository, tag, digest, current }) =>
          `${repository}:${tag} is ${current}, in the backup ${digest}`,
      ),
    ),
    ...listing("Left out, because no workload of the stack has these repositories:", otherRepositories),
    ...listing("✗ Left out, because a file of the backup is damaged:", damaged),
  ].join("\n");
}
