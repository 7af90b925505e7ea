import type { Gcs } from "../../contract/sources/gcs.ts";
import type { SourceObject } from "../../contract/source-manifest.ts";
import { readObjects, type ReadObjectsOptions } from "../object-store/read-objects.ts";
import type { ReadSourceRequest } from "../source-reader.ts";
import { gcsStore } from "./gcs-store.ts";
import { googleToken } from "./google-token.ts";

/** Reads the objects of a bucket of Google Cloud Storage. */
export async function readGcs(
  request: ReadSourceRequest<Gcs>,
  options: ReadObjectsOptions = {},
): Promise<SourceObject[]> {
  const { workload, source, credentials, env = {} } = request;
  const what = `${workload}: source gs://${source.bucket}`;
  const token = await googleToken({ what, credentials, env });
  return readObjects(gcsStore(source, token), request, options);
}
