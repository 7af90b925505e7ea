import type { Progress, Step } from "../../local/progress.ts";
import type { RegistryClient } from "../../runtime/artifacts/registry-client.ts";
import type { ArtifactReference } from "../../runtime/contract/artifact-reference.ts";
import { openBackupFolder, type BackupFolder } from "./backup-folder.ts";
import { readBackupIndex } from "./backup-index.ts";
import { explainDiskError } from "./disk-fault.ts";
import { artifactSaver } from "./save-artifact.ts";

export interface BackupOptions {
  registry: RegistryClient;
  /** Repositories to save. */
  repositories: readonly string[];
  /** Artifacts that are saved whether or not a tag names them, such as the models that the config pins. @default none */
  pinned?: readonly ArtifactReference[];
  /** Folder of the backup. It is created, or continued. */
  directory: string;
}

export interface BackupSummary {
  /** Manifests that the backup names, with those of earlier runs. */
  artifacts: number;
  /** Blobs that this run pulled, and their bytes. */
  blobs: number;
  bytes: number;
  /** Artifacts that could not be saved, with the reason. */
  failures: string[];
  /** Artifacts that a saved one names and that the registry does not have. */
  missing: string[];
  /** Tags that an earlier run saved and that the registry does not have any more. The backup keeps them. */
  lostTags: string[];
}

/**
 * Copies the artifacts of a registry with their tags and referrers into a folder in OCI image layout. A blob that is there is not pulled
 * again, so a run that was killed is finished by the next. An artifact that cannot be read does not stop the others.
 *
 * @throws an error with the fix if the disk is full, the registry does not answer, or it has no tag in any of the repositories: a backup
 * that saves nothing must not look like one that succeeded, so it leaves no folder
 */
export async function backUpRegistry(progress: Progress, options: BackupOptions): Promise<BackupSummary> {
  const { directory } = options;
  let folder: BackupFolder | undefined;
  try {
    folder = await openBackupFolder(directory);
    return await saveAll(progress, options, folder);
  } catch (error) {
    await folder?.removeIfEmpty().catch(() => undefined); // the first error says what to mend
    throw explainDiskError(error, directory);
  }
}

async function saveAll(
  progress: Progress,
  options: BackupOptions,
  folder: BackupFolder,
): Promise<BackupSummary> {
  const { registry, repositories, pinned = [], directory } = options;
  const index = await readBackupIndex(directory);
  const saver = artifactSaver({ registry, folder, index, repositories });
  const listed = new Set<string>();
  for (const repository of repositories)
    await progress.step(`Back up ${repository}`, async (step) => {
      const before = { ...saver.counts };
      const tags = await registry.listTags(repository);
      for (const tag of tags) {
        listed.add(`${repository}:${tag}`);
        await saver.saveTag(repository, tag);
      }
      for (const { digest } of pinned.filter((pin) => pin.repository === repository))
        await saver.saveDigest(repository, digest, "the config of the stack");
      await index.write();
      report(step, { tags: tags.length, blobs: saver.counts.blobs - before.blobs });
    });
  if (listed.size === 0)
    throw new Error(
      `backup: ${registry.name} must have artifacts of the stack's workloads, it has none; train first, or restore a backup into it`,
    );
  return {
    artifacts: new Set(index.entries().map(({ repository, descriptor }) => repository + descriptor.digest))
      .size,
    ...saver.counts,
    failures: [...saver.failures].map(([name, reason]) => `${name}: ${reason}`),
    lostTags: index
      .entries()
      .filter(({ repository }) => repositories.includes(repository))
      .flatMap(({ repository, tag }) => (tag === undefined ? [] : [`${repository}:${tag}`]))
      .filter((name) => !listed.has(name)),
    missing: [...saver.missing].map(([reference, namedBy]) => `${reference}, which ${namedBy} names`),
  };
}

function report(step: Step, { tags, blobs }: { tags: number; blobs: number }): void {
  if (tags === 0) step.skipped("the registry has no tag in it");
  else if (blobs === 0) step.cached("no new blob");
}
