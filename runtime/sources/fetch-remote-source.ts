import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { RegistryClient } from "../artifacts/registry-client.ts";
import type { RemoteSource } from "../contract/source.ts";
import { MAX_SOURCE_OBJECTS, OBJECTS_FOLDER, type SourceObject } from "../contract/source-manifest.ts";
import { BadInput } from "../errors.ts";
import type { Logger } from "../log.ts";
import { withScratch } from "../scratch.ts";
import { checkObjectNames } from "./check-object-names.ts";
import { readCredentials } from "./read-credentials.ts";
import { latestSource, publishRemoteSource } from "./remote-source-artifact.ts";
import type { SourceReader } from "./source-reader.ts";
import { SOURCE_READERS } from "./source-readers.ts";

export interface RemoteSourceRequest {
  workload: string;
  source: RemoteSource;
  /** Folder with a folder for each Secret. */
  secretsFolder: string;
  env: Readonly<Record<string, string | undefined>>;
  log: Logger;
  signal: AbortSignal;
}

/** What is in the registry after a source has been read. */
export interface FetchedRemoteSource {
  reference: string;
  /** Number of objects of the source. */
  objects: number;
  /** Those that were not read, because they are as in the last run. */
  unchanged: number;
}

/**
 * Reads a source whose content is not known before, and pushes its objects as one artifact, unless the newest one has the same. What the
 * last run has read, and has not changed since, is neither read nor pushed again. The job `fetch` does this in a cluster, the command line
 * on the machine of a cluster that reaches nothing outside. Throws BadInput for a fault that a person has to mend; Unavailable else.
 */
export async function fetchRemoteSource(
  registry: RegistryClient,
  request: RemoteSourceRequest,
): Promise<FetchedRemoteSource> {
  const { workload, source, log } = request;
  const previous = await latestSource(registry, { workload, source });
  return withScratch(async (scratch) => {
    const objects = await readRemoteSource(request, previous, scratch);
    const reference = await publishRemoteSource(
      registry,
      scratch,
      { workload, source },
      { objects, previous },
    );
    const known = new Set(previous);
    const unchanged = objects.filter((object) => known.has(object)).length;
    log.info("read", { objects: objects.length, unchanged });
    return { reference, objects: objects.length, unchanged };
  });
}

/** Reads the objects of a remote source that `previous` does not have into the folder of objects in `directory`, and returns all of them. */
export async function readRemoteSource(
  { workload, source, secretsFolder, env, log, signal }: RemoteSourceRequest,
  previous: readonly SourceObject[],
  directory: string,
): Promise<SourceObject[]> {
  const credentials = await readCredentials(workload, source.credentials?.secret, secretsFolder);
  const read = (await SOURCE_READERS[source.kind]()) as SourceReader<RemoteSource>;
  const folder = join(directory, OBJECTS_FOLDER);
  await mkdir(folder);
  const objects = await read({
    workload,
    source,
    directory: folder,
    previous,
    credentials,
    env,
    log,
    signal,
  });
  const refuse = (rule: string, value: string): never => {
    throw new BadInput(`${workload}: source ${rule}, got ${value}`);
  };
  if (objects.length === 0) refuse("must have an object or more", "none");
  if (objects.length > MAX_SOURCE_OBJECTS)
    refuse(
      `must have at most ${MAX_SOURCE_OBJECTS} objects`,
      `${objects.length}; narrow source.files, or put small objects together`,
    );
  checkObjectNames(
    objects.map(({ name }) => name),
    refuse,
  );
  return objects;
}
