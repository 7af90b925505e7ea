import { writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { home } from "../../local/home.ts";
import type { Progress } from "../../local/progress.ts";
import { sourceDistribution } from "../../local/tools/python-package.ts";
import { isRemote } from "../../runtime/contract/source.ts";
import type { PinnedWorkload } from "../../runtime/contract/step-definition.ts";
import { createLogger } from "../../runtime/log.ts";
import { readRemoteSource } from "../../runtime/sources/fetch-remote-source.ts";
import type { FoundWorkload } from "../../workloads/find-workloads.ts";
import { filesOf } from "../pipeline/pin-files.ts";

/** Stands for a digest that nobody looks at. */
const NO_DIGEST = `sha256:${"0".repeat(64)}`;

/** Returns the source of a workload with the folder of its files, which are read now. Digests are left out: nothing that is made here is kept. */
export async function trialSource(
  { workload: { name, source }, folder }: FoundWorkload,
  scratch: string,
  progress: Progress,
): Promise<{ source: PinnedWorkload["source"]; folder: string }> {
  if (isRemote(source)) {
    const log = createLogger({ write: () => undefined });
    const request = { workload: name, source, secretsFolder: home("source-secrets"), env: process.env, log };
    const { signal } = new AbortController(); // a person's interrupt ends the whole command
    const objects = await readRemoteSource({ ...request, signal }, [], scratch);
    await writeFile(
      join(scratch, "source.json"),
      JSON.stringify({ schemaVersion: 1, workload: name, objects }),
    );
    return { source, folder: scratch };
  }
  if (source.kind === "files") {
    const files = (await filesOf(source, folder)).map((file) => ({ name: file, digest: NO_DIGEST, size: 0 }));
    return { source: { ...source, files }, folder };
  }
  const { package: packageName, version, sha256 } = source;
  return {
    source,
    folder: dirname(await sourceDistribution(progress, { name: packageName, version, sha256 })),
  };
}
