import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { durableWrite } from "../../local/engine/state/durable-write.ts";
import { digestSchema, repositorySchema } from "../../runtime/contract/artifact-reference.ts";
import { descriptorSchema, INDEX_TYPE, type Descriptor } from "../../runtime/artifacts/manifest.ts";
import { Corrupt } from "../../runtime/errors.ts";

const REF_NAME = "org.opencontainers.image.ref.name";

const indexSchema = z.looseObject({ schemaVersion: z.literal(2), manifests: z.array(descriptorSchema) });

/** One entry of the `index.json` of a backup. */
export interface BackupEntry {
  repository: string;
  /** Tag of the manifest at the last backup. @default - an artifact that no tag names */
  tag?: string;
  descriptor: Descriptor;
}

/**
 * The `index.json` of a backup. The name of an entry is `REPOSITORY:TAG`, or `REPOSITORY@DIGEST` for an artifact that no tag names. A
 * backup forgets nothing: an artifact stays when its tag moves, and a tag stays when the registry has it no more.
 */
export interface BackupIndex {
  /** In the order in which they were first written. */
  entries(): BackupEntry[];
  /** Names a manifest by a tag. */
  recordTag(repository: string, tag: string, descriptor: Descriptor): void;
  /** Names a manifest by its digest, unless a name leads to it already. */
  recordManifest(repository: string, descriptor: Descriptor): void;
  /** Writes `index.json`, at once as a whole. */
  write(): Promise<void>;
}

/** Reads the index of a backup; an empty one where there is none yet. */
export async function readBackupIndex(directory: string): Promise<BackupIndex> {
  const path = join(directory, "index.json");
  const { named, others } = split(await readDescriptors(path));
  const known = new Set([...named.values()].map(toReference));

  const record = (name: string, entry: BackupEntry): void => {
    named.set(name, entry);
    known.add(toReference(entry));
  };
  const recordManifest = (repository: string, descriptor: Descriptor): void => {
    const entry = { repository, descriptor };
    if (!known.has(toReference(entry))) record(toReference(entry), entry);
  };
  return {
    entries: () => [...named.values()],
    recordManifest,
    recordTag(repository, tag, descriptor) {
      const name = `${repository}:${tag}`;
      const former = named.get(name);
      record(name, { repository, tag, descriptor });
      if (former === undefined || former.descriptor.digest === descriptor.digest) return;
      const reference = toReference(former);
      if (![...named.values()].some((entry) => toReference(entry) === reference))
        record(reference, { repository, descriptor: former.descriptor });
    },
    async write() {
      const manifests = [...named].map(([name, { descriptor }]) => ({
        ...descriptor,
        annotations: { ...descriptor.annotations, [REF_NAME]: name },
      }));
      const index = { schemaVersion: 2, mediaType: INDEX_TYPE, manifests: [...others, ...manifests] };
      await durableWrite(path, `${JSON.stringify(index, null, 2)}\n`);
    },
  };
}

const toReference = ({ repository, descriptor }: BackupEntry): string => `${repository}@${descriptor.digest}`;

async function readDescriptors(path: string): Promise<Descriptor[]> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (text === undefined) return [];
  try {
    return indexSchema.parse(JSON.parse(text)).manifests;
  } catch {
    throw new Corrupt(`${path}: must be an OCI image index; take another copy of the backup`);
  }
}

/** Divides the entries of an index into those with a name of ours and others, which are kept as they are. */
function split(descriptors: readonly Descriptor[]): {
  named: Map<string, BackupEntry>;
  others: Descriptor[];
} {
  const named = new Map<string, BackupEntry>();
  const others: Descriptor[] = [];
  for (const descriptor of descriptors) {
    const { [REF_NAME]: name = "", ...annotations } = descriptor.annotations ?? {};
    const parsed = parseName(name);
    const { annotations: _annotations, ...rest } = descriptor;
    const own = Object.keys(annotations).length === 0 ? rest : { ...rest, annotations };
    if (parsed === undefined) others.push(descriptor);
    else named.set(name, { ...parsed, descriptor: own });
  }
  return { named, others };
}

function parseName(name: string): Pick<BackupEntry, "repository" | "tag"> | undefined {
  const [, repository = "", digest, tag] = /^([^:@]+)(?:@(.+)|:(\w[\w.-]{0,127}))$/.exec(name) ?? [];
  if (!repositorySchema.safeParse(repository).success) return undefined;
  if (tag !== undefined) return { repository, tag };
  return digestSchema.safeParse(digest).success ? { repository } : undefined;
}
