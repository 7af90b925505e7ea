import { join } from "node:path";
import { inParallel } from "../../artifacts/in-parallel.ts";
import type { ObjectStoreFields } from "../../contract/sources/object-store-fields.ts";
import type { SourceObject } from "../../contract/source-manifest.ts";
import { BadInput, Unavailable } from "../../errors.ts";
import { checkObjectNames } from "../check-object-names.ts";
import { refuseEncodedTwice } from "../encoded-twice.ts";
import { retryUnavailable, type RetryOptions } from "../retry-unavailable.ts";
import { saveBody } from "../save-body.ts";
import type { RequestOwner } from "../send-request.ts";
import type { ReadSourceRequest } from "../source-reader.ts";
import { listObjects, type NamedObject } from "./list-objects.ts";
import type { ObjectStore } from "./object-store.ts";

export interface ReadObjectsOptions extends RetryOptions {
  /** Longest time without a byte, in milliseconds. @default 60000 */
  silenceMs?: number;
}

/** Objects that are read at the same time. */
const PARALLEL = 4;
/** Listings of a source whose objects change while it is read. */
const LISTINGS = 3;

/**
 * Lists the objects of a source and downloads those that the last run has not read in their present state. If an object changes meanwhile,
 * lists again, so that the result is one that the listing had.
 */
export async function readObjects(
  store: ObjectStore,
  { workload, source, directory, previous, log, signal }: ReadSourceRequest<ObjectStoreFields>,
  { silenceMs, ...retries }: ReadObjectsOptions = {},
): Promise<SourceObject[]> {
  const what = `${workload}: source ${store.name}`;
  const owner: RequestOwner = { what, signal, ...(silenceMs === undefined ? {} : { silenceMs }) };
  const onRetry = (reason: string): void => log.warn("the store does not answer: trying again", { reason });
  const retried = <T>(work: () => Promise<T>): Promise<T> =>
    retryUnavailable(work, { onRetry, signal, ...retries });
  const known = new Map(previous.map((object) => [object.name, object]));
  for (let listing = 1; listing <= LISTINGS; listing++) {
    const listed = await listObjects(store, source, owner, retried);
    checkObjectNames(
      listed.map(({ name }) => name),
      (rule, value) => {
        throw new BadInput(`${what} ${rule}, got ${value}`);
      },
    );
    const changed = listed.filter(({ name, version }) => known.get(name)?.version !== version);
    log.info("listed", { objects: listed.length, changed: changed.length });
    let whole = true;
    await inParallel(changed, PARALLEL, async (object) => {
      const read = await retried(() =>
        readObject(store, object, { ...owner, what: `${what}/${object.key}` }, directory),
      );
      if (read === undefined) whole = false;
      else known.set(object.name, read);
    });
    if (whole) return listed.map(({ name }) => known.get(name)!);
  }
  throw new Unavailable(
    `${what}: its objects must stay as they are while they are read, got others ${LISTINGS} times; try again when nobody writes there`,
  );
}

async function readObject(
  store: ObjectStore,
  object: NamedObject,
  owner: RequestOwner,
  directory: string,
): Promise<SourceObject | undefined> {
  const answer = await store.open(object, owner);
  if (answer === undefined) return undefined;
  const { name, version, size } = object;
  const isEncoded = answer.headers.has("content-encoding");
  try {
    refuseEncodedTwice(owner.what, name, answer.headers);
  } catch (error) {
    await answer.discard();
    throw error;
  }
  const saved = await saveBody(answer.body, join(directory, name));
  if (!isEncoded && saved.size !== size)
    throw new Unavailable(`${owner.what} must have ${size} bytes, got ${saved.size}; try again later`);
  return { name, digest: saved.digest, size: saved.size, version };
}
