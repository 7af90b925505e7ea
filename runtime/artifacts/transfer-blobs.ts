import { setTimeout as sleep } from "node:timers/promises";
import { RuntimeFault } from "../errors.ts";
import { inParallel } from "./in-parallel.ts";
import type { Descriptor } from "./manifest.ts";
import type { RegistryClient } from "./registry-client.ts";

/** Blobs of one manifest that are copied at the same time. */
const PARALLEL = 4;
const TRIES = 3;
/** Codes of errors of the disk: a second try would fail as the first did. */
const DISK_ERRORS = new Set(["ENOSPC", "EDQUOT", "EROFS", "EACCES", "EPERM", "ENOENT", "EIO", "EFBIG"]);

/** Whether an error is one of the local disk, such as a full one. */
export function isDiskError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && DISK_ERRORS.has((error as NodeJS.ErrnoException).code ?? "");
}

/** Calls `copy` for each blob once, four at a time. Throws the first error after the copies that have begun are done. */
export function forEachBlob(
  blobs: readonly Descriptor[],
  copy: (blob: Descriptor) => Promise<void>,
): Promise<void> {
  return inParallel(new Map(blobs.map((blob) => [blob.digest, blob])).values(), PARALLEL, copy);
}

/**
 * Pulls a blob, up to three times where the connection breaks in the middle: the client itself retries only until an answer begins.
 * A wrong digest, a refusal and an error of the disk are final.
 */
export async function pullBlobWithRetries(
  registry: RegistryClient,
  repository: string,
  blob: Descriptor,
  path: string,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await registry.pullBlob(repository, blob, path);
    } catch (error) {
      if (error instanceof RuntimeFault || isDiskError(error)) throw error;
      if (attempt === TRIES)
        throw new Error(
          `${registry.name}/${repository}: blob ${blob.digest} broke off ${TRIES} times; run it again to go on`,
          { cause: error },
        );
      await sleep(250 * attempt);
    }
  }
}
