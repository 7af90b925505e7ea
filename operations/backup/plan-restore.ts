import { inParallel } from "../../runtime/artifacts/in-parallel.ts";
import type { Descriptor } from "../../runtime/artifacts/manifest.ts";
import type { RegistryClient } from "../../runtime/artifacts/registry-client.ts";
import { describeError } from "../../runtime/errors.ts";
import { requireBackup } from "./backup-folder.ts";
import { readBackupIndex, type BackupEntry } from "./backup-index.ts";
import { backupReader, type StoredManifest } from "./read-backup.ts";

/** A manifest that the registry does not have, or of which it lacks blobs. `blobs` are the missing ones. */
export interface ManifestToPush extends StoredManifest {
  repository: string;
  /** Whether the registry has the manifest, and only blobs are missing. */
  present: boolean;
}

export interface TagToSet {
  repository: string;
  tag: string;
  digest: string;
}

/** What a restore would change in a registry. */
export interface RestorePlan {
  /** In the order in which the registry takes them. */
  manifests: ManifestToPush[];
  /** Bytes of the blobs that are missing. */
  bytes: number;
  /** Tags that the registry does not have. */
  tags: TagToSet[];
  /** Tags that name another artifact in the registry than in the backup. */
  movedTags: (TagToSet & { current: string })[];
  /** Tags that name the same artifact in both. */
  sameTags: number;
  /** Artifacts of the backup that cannot be restored, with the file that is damaged. */
  damaged: string[];
  /** Repositories of the backup that the stack does not have. They are left out. */
  otherRepositories: string[];
}

export interface RestoreOptions {
  registry: RegistryClient;
  /** Repositories that may be restored. */
  repositories: readonly string[];
  /** Folder of the backup. */
  directory: string;
}

/** Requests to the registry at the same time. */
const PARALLEL = 8;

/**
 * Verifies every blob of a backup and compares the backup with a registry. Changes nothing.
 *
 * @throws WrongRequest if the folder holds no backup
 */
export async function planRestore({
  registry,
  repositories,
  directory,
}: RestoreOptions): Promise<RestorePlan> {
  await requireBackup(directory);
  const entries = (await readBackupIndex(directory)).entries();
  const own = entries.filter(({ repository }) => repositories.includes(repository));
  const others = entries.map(({ repository }) => repository).filter((each) => !repositories.includes(each));
  const plan: RestorePlan = {
    manifests: [],
    bytes: 0,
    tags: [],
    movedTags: [],
    sameTags: 0,
    damaged: [],
    otherRepositories: [...new Set(others)].sort(),
  };
  const backup = backupReader(directory);
  const artifacts = new Map<string, { repository: string; manifest: StoredManifest }>();
  const sound: BackupEntry[] = [];
  for (const entry of own) {
    const { repository, tag, descriptor } = entry;
    try {
      for (const manifest of await backup.read(descriptor))
        artifacts.set(`${repository}@${manifest.digest}`, { repository, manifest });
      sound.push(entry);
    } catch (error) {
      const name = tag === undefined ? `${repository}@${descriptor.digest}` : `${repository}:${tag}`;
      plan.damaged.push(`${name}: ${describeError(error)}`);
    }
  }
  const missing = new Map<string, ManifestToPush>();
  await inParallel(artifacts, PARALLEL, async ([reference, { repository, manifest }]) => {
    const present = (await registry.getManifest(repository, manifest.digest)) !== undefined;
    const blobs: Descriptor[] = [];
    for (const blob of manifest.blobs)
      if (!(await registry.hasBlob(repository, blob.digest))) blobs.push(blob);
    if (!present || blobs.length > 0) missing.set(reference, { ...manifest, repository, present, blobs });
  });
  plan.manifests = [...artifacts.keys()].flatMap((reference) => missing.get(reference) ?? []);
  const blobs = new Map(
    plan.manifests.flatMap(({ repository, blobs: left }) =>
      left.map(({ digest, size }) => [`${repository}@${digest}`, size] as const),
    ),
  );
  plan.bytes = [...blobs.values()].reduce((sum, size) => sum + size, 0);
  await inParallel(sound, PARALLEL, async ({ repository, tag, descriptor: { digest } }) => {
    if (tag === undefined) return;
    const current = await registry.resolveTag(repository, tag);
    if (current === undefined) plan.tags.push({ repository, tag, digest });
    else if (current === digest) plan.sameTags++;
    else plan.movedTags.push({ repository, tag, digest, current });
  });
  const byName = (a: TagToSet, b: TagToSet): number =>
    `${a.repository}:${a.tag}` < `${b.repository}:${b.tag}` ? -1 : 1;
  plan.tags.sort(byName);
  plan.movedTags.sort(byName);
  return plan;
}
