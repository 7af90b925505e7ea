import { basename, dirname } from "node:path";
import { digestOfFile } from "../artifacts/digest.ts";
import { pushArtifact } from "../artifacts/push-artifact.ts";
import type { RegistryClient } from "../artifacts/registry-client.ts";
import { artifactRepository } from "../contract/artifact-kind.ts";
import type { Workload } from "../contract/workload.ts";
import { Corrupt } from "../errors.ts";

/** Pushes a workload's source package, downloaded to `file`, and returns its reference. Throws Corrupt unless it has the pinned hash. */
export async function publishSource(
  registry: RegistryClient,
  file: string,
  workload: Workload,
): Promise<string> {
  const { source, name } = workload;
  const digest = await digestOfFile(file);
  if (digest !== `sha256:${source.sha256}` || basename(file) !== source.file)
    throw new Corrupt(
      `${name}: source package must be ${source.file} with digest sha256:${source.sha256}, got ${basename(file)} with ${digest}`,
    );
  return pushArtifact(registry, {
    repository: artifactRepository(name, "source"),
    kind: "source",
    directory: dirname(file),
    files: [source.file],
    annotations: {
      "org.opencontainers.image.licenses": source.licence,
      "org.opencontainers.image.title": `${source.package} ${source.version}`,
    },
  });
}
