import { dirname } from "node:path";
import type { Progress } from "../../local/progress.ts";
import { sourceDistribution } from "../../local/tools/python-package.ts";
import type { RegistryClient } from "../../runtime/artifacts/registry-client.ts";
import type { PinnedSource } from "../../runtime/contract/source.ts";
import { stepDefinition, type PinnedWorkload } from "../../runtime/contract/step-definition.ts";
import { findSource, publishSource } from "../../runtime/sources/source-artifact.ts";
import { workloadFolder } from "../../workloads/catalog.ts";

/**
 * Puts a workload's source into the registry, unless it is there, so that the job `fetch` finds it: files of the workload's folder, and a
 * package for the local cluster. The pods of that cluster reach nothing outside; the machine that they run on downloads for them, with its
 * own settings of pip. In every other cluster the job downloads the package itself.
 */
export async function publishLocalSource(
  registry: RegistryClient,
  progress: Progress,
  workload: PinnedWorkload,
): Promise<void> {
  const definition = stepDefinition("fetch", workload);
  if ((await findSource(registry, definition)) !== undefined) return;
  await publishSource(registry, await folderOf(workload.name, workload.source, progress), definition);
}

async function folderOf(workload: string, source: PinnedSource, progress: Progress): Promise<string> {
  if (source.kind === "files") return workloadFolder(workload);
  const { package: name, version, sha256 } = source;
  return dirname(await sourceDistribution(progress, { name, version, sha256 }));
}
