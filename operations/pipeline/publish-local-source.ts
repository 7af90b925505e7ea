import { dirname } from "node:path";
import { home } from "../../local/home.ts";
import type { Progress } from "../../local/progress.ts";
import { sourceDistribution } from "../../local/tools/python-package.ts";
import type { RegistryClient } from "../../runtime/artifacts/registry-client.ts";
import { isRemote, type PinnedSource, type RemoteSource } from "../../runtime/contract/source.ts";
import type { PinnedWorkload } from "../../runtime/contract/step-definition.ts";
import { createLogger } from "../../runtime/log.ts";
import { fetchRemoteSource } from "../../runtime/sources/fetch-remote-source.ts";
import { findSource, publishSource } from "../../runtime/sources/source-artifact.ts";
import { workloadFolder } from "../../workloads/catalog.ts";

/**
 * Puts a workload's source into the registry, unless it is there: files of the workload's folder and, for the local cluster, a package or
 * a remote source. The pods of that cluster reach nothing outside; the machine that they run on reads for them, with its own settings of
 * pip and its own credentials. In every other cluster the job `fetch` does. Returns the reference of a remote source, which takes the
 * place of that job; else undefined: the job then finds the source.
 */
export async function publishLocalSource(
  registry: RegistryClient,
  progress: Progress,
  { name, source }: PinnedWorkload,
): Promise<string | undefined> {
  if (isRemote(source)) return publishRemote(registry, progress, name, source);
  const owner = { workload: name, source };
  if ((await findSource(registry, owner)) === undefined)
    await publishSource(registry, await folderOf(name, source, progress), owner);
  return undefined;
}

async function folderOf(workload: string, source: PinnedSource, progress: Progress): Promise<string> {
  if (source.kind === "files") return workloadFolder(workload);
  const { package: name, version, sha256 } = source;
  return dirname(await sourceDistribution(progress, { name, version, sha256 }));
}

function publishRemote(
  registry: RegistryClient,
  progress: Progress,
  workload: string,
  source: RemoteSource,
): Promise<string> {
  return progress.step(`${workload}: read the source (${source.kind})`, async (step) => {
    const { reference, objects, unchanged } = await fetchRemoteSource(registry, {
      workload,
      source,
      secretsFolder: home("source-secrets"),
      env: process.env,
      log: createLogger({ write: (line) => step.update(messageOf(line)) }),
      signal: new AbortController().signal, // a person's interrupt ends the whole command
    });
    if (unchanged === objects) step.cached(`no change in ${objects} object${objects === 1 ? "" : "s"}`);
    return reference;
  });
}

/** Returns the message of a line of a job's log, with its reason. */
function messageOf(line: string): string {
  const { message, reason } = JSON.parse(line) as { message: string; reason?: string };
  return reason === undefined ? message : `${message}: ${reason}`;
}
