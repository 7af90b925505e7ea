import { digestOf, digestOfFile } from "../artifacts/digest.ts";
import { pushArtifact } from "../artifacts/push-artifact.ts";
import type { RegistryClient } from "../artifacts/registry-client.ts";
import { artifactRepository } from "../contract/artifact-kind.ts";
import { formatArtifactReference } from "../contract/artifact-reference.ts";
import type { PinnedSource } from "../contract/source.ts";
import type { PinnedFile } from "../contract/sources/files.ts";
import { Corrupt } from "../errors.ts";
import { join } from "node:path";

interface Owner {
  workload: string;
  source: PinnedSource;
}

/** Returns the reference of a workload's source if the registry has it, whoever pushed it; else undefined. */
export async function findSource(
  registry: RegistryClient,
  { workload, source }: Owner,
): Promise<string | undefined> {
  const repository = artifactRepository(workload, "source");
  const digest = await registry.resolveTag(repository, sourceTag(source));
  return digest === undefined ? undefined : formatArtifactReference({ repository, digest });
}

/** Pushes a workload's source from `directory`, and returns its reference. Throws Corrupt if a file is not the pinned one. */
export async function publishSource(
  registry: RegistryClient,
  directory: string,
  { workload, source }: Owner,
): Promise<string> {
  const files = filesOf(source);
  for (const { name, digest } of files) {
    const found = await digestOfFile(join(directory, name));
    if (found !== digest)
      throw new Corrupt(`${workload}: source file ${name} must have digest ${digest}, got ${found}`);
  }
  return pushArtifact(registry, {
    repository: artifactRepository(workload, "source"),
    kind: "source",
    directory,
    files: files.map(({ name }) => name),
    annotations: {
      ...(source.licence === undefined ? {} : { "org.opencontainers.image.licenses": source.licence }),
      ...(source.kind === "files"
        ? {}
        : { "org.opencontainers.image.title": `${source.package} ${source.version}` }),
    },
    tag: sourceTag(source),
  });
}

function filesOf(source: PinnedSource): Omit<PinnedFile, "size">[] {
  if (source.kind === "files") return [...source.files];
  return [{ name: source.file, digest: `sha256:${source.sha256}` }];
}

/** Tag of a source by the hash of its content. It never moves. Tags that start with `sha256-` belong to referrers. */
function sourceTag(source: PinnedSource): string {
  if (source.kind === "python-package") return `file-sha256-${source.sha256}`;
  const [, hex = ""] = digestOf(JSON.stringify(source)).split(":");
  return `files-sha256-${hex}`;
}
