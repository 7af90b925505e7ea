import { basename, dirname } from "node:path";
import { digestOfFile } from "../artifacts/digest.ts";
import { pushArtifact } from "../artifacts/push-artifact.ts";
import type { RegistryClient } from "../artifacts/registry-client.ts";
import { artifactRepository } from "../contract/artifact-kind.ts";
import { formatArtifactReference } from "../contract/artifact-reference.ts";
import type { StepDefinition } from "../contract/step-definition.ts";
import { Corrupt } from "../errors.ts";

type Owner = StepDefinition<"fetch">;

/** Returns the reference of a workload's source if the registry has it, whoever pushed it; else undefined. */
export async function findSource(
  registry: RegistryClient,
  { workload, source }: Owner,
): Promise<string | undefined> {
  const repository = artifactRepository(workload, "source");
  const digest = await registry.resolveTag(repository, sourceTag(source));
  return digest === undefined ? undefined : formatArtifactReference({ repository, digest });
}

/** Pushes a workload's source package, downloaded to `file`, and returns its reference. Throws Corrupt unless it has the pinned hash. */
export async function publishSource(
  registry: RegistryClient,
  file: string,
  { workload, source }: Owner,
): Promise<string> {
  const digest = await digestOfFile(file);
  if (digest !== `sha256:${source.sha256}` || basename(file) !== source.file)
    throw new Corrupt(
      `${workload}: source package must be ${source.file} with digest sha256:${source.sha256}, got ${basename(file)} with ${digest}`,
    );
  return pushArtifact(registry, {
    repository: artifactRepository(workload, "source"),
    kind: "source",
    directory: dirname(file),
    files: [source.file],
    annotations: {
      "org.opencontainers.image.licenses": source.licence,
      "org.opencontainers.image.title": `${source.package} ${source.version}`,
    },
    tag: sourceTag(source),
  });
}

/** Tag of a source by the hash of its file. It never moves. Tags that start with `sha256-` belong to referrers. */
const sourceTag = ({ sha256 }: Owner["source"]): string => `file-sha256-${sha256}`;
