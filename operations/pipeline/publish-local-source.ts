import type { Progress } from "../../local/progress.ts";
import { sourceDistribution } from "../../local/tools/python-package.ts";
import type { RegistryClient } from "../../runtime/artifacts/registry-client.ts";
import { stepDefinition } from "../../runtime/contract/step-definition.ts";
import type { Workload } from "../../runtime/contract/workload.ts";
import { findSource, publishSource } from "../../runtime/sources/source-artifact.ts";

/**
 * Puts a workload's source into the registry of the local cluster, unless it is there, so that the job `fetch` finds it. The pods of
 * that cluster reach nothing outside; the machine that they run on downloads for them, with its own settings of pip. In every other
 * cluster the job downloads the source itself.
 */
export async function publishLocalSource(
  registry: RegistryClient,
  progress: Progress,
  workload: Workload,
): Promise<void> {
  const definition = stepDefinition("fetch", workload);
  if ((await findSource(registry, definition)) !== undefined) return;
  const { package: name, version, sha256 } = workload.source;
  await publishSource(registry, await sourceDistribution(progress, { name, version, sha256 }), definition);
}
