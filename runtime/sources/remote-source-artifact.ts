import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { digestOf } from "../artifacts/digest.ts";
import { inParallel } from "../artifacts/in-parallel.ts";
import { readManifest } from "../artifacts/pull-artifact.ts";
import { pushArtifact } from "../artifacts/push-artifact.ts";
import { readArtifactJson } from "../artifacts/read-artifact-json.ts";
import type { RegistryClient } from "../artifacts/registry-client.ts";
import { artifactRepository } from "../contract/artifact-kind.ts";
import { formatArtifactReference, parseArtifactReference } from "../contract/artifact-reference.ts";
import { LATEST } from "../contract/moving-tags.ts";
import type { RemoteSource } from "../contract/source.ts";
import { OBJECTS_FOLDER, sourceManifestSchema, type SourceObject } from "../contract/source-manifest.ts";

interface Owner {
  workload: string;
  source: RemoteSource;
}

/** Requests to the registry at the same time. */
const PARALLEL = 8;

/** Annotation with the digest of the definition that an artifact was read by: objects of another bucket may have the same names. */
const DEFINITION = "dev.slipway.source";

/**
 * Returns what the last run read from a source of the same definition, as far as the registry still has it; undefined if no run did.
 */
export async function latestSource(registry: RegistryClient, owner: Owner): Promise<SourceObject[]> {
  const repository = artifactRepository(owner.workload, "source");
  const digest = await registry.resolveTag(repository, LATEST);
  if (digest === undefined) return [];
  const reference = formatArtifactReference({ repository, digest });
  const { annotations } = await readManifest(registry, reference, "source");
  if (annotations?.[DEFINITION] !== definitionOf(owner)) return [];
  const manifest = await readArtifactJson(registry, reference, "source", "source.json", sourceManifestSchema);
  const present = new Set<string>();
  await inParallel(new Set(manifest.objects.map((object) => object.digest)), PARALLEL, async (blob) => {
    if (await registry.hasBlob(repository, blob)) present.add(blob);
  });
  return manifest.objects.filter((object) => present.has(object.digest));
}

/**
 * Pushes the objects of a source as one artifact, moves `latest` to it and returns its reference. The same objects give the same
 * reference. The bytes of what the last run read are in the registry already.
 *
 * @param directory - has the files that were read below `objects`; gets `source.json`
 */
export async function publishRemoteSource(
  registry: RegistryClient,
  directory: string,
  owner: Owner,
  { objects, previous }: { objects: readonly SourceObject[]; previous: readonly SourceObject[] },
): Promise<string> {
  const { workload, source } = owner;
  const sorted = [...objects].sort((a, b) => (a.name < b.name ? -1 : 1));
  const manifest = sourceManifestSchema.parse({ schemaVersion: 1, workload, objects: sorted });
  const text = `${JSON.stringify(manifest, null, 2)}\n`;
  await writeFile(join(directory, "source.json"), text);
  const repository = artifactRepository(workload, "source");
  const kept = new Set(previous.map(({ digest }) => digest));
  const layers = sorted.map(({ name, digest, size }) => ({
    name: `${OBJECTS_FOLDER}/${name}`,
    digest,
    size,
  }));
  const reference = await pushArtifact(registry, {
    repository,
    kind: "source",
    directory,
    files: ["source.json", ...layers.filter(({ digest }) => !kept.has(digest))],
    present: layers.filter(({ digest }) => kept.has(digest)),
    annotations: {
      [DEFINITION]: definitionOf(owner),
      ...(source.licence === undefined ? {} : { "org.opencontainers.image.licenses": source.licence }),
    },
    // `latest` moves on to later artifacts; this tag keeps each of them. It never moves.
    tag: `objects-${digestOf(`${definitionOf(owner)}\n${text}`).replace(":", "-")}`,
  });
  await registry.putTag(repository, LATEST, parseArtifactReference(reference).digest);
  return reference;
}

/** Returns the digest of the fields that say what is read, in the order of their names: not the credentials, not the licence. */
function definitionOf({ source }: Owner): string {
  const { credentials: _credentials, licence: _licence, ...read } = source;
  return digestOf(JSON.stringify(Object.entries(read).sort(([a], [b]) => (a < b ? -1 : 1))));
}
