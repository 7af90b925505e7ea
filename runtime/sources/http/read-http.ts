import { join } from "node:path";
import type { Http } from "../../contract/sources/http.ts";
import { namedUrl } from "../../contract/sources/http.ts";
import type { SourceObject } from "../../contract/source-manifest.ts";
import { BadInput, Unavailable } from "../../errors.ts";
import { checkObjectNames } from "../check-object-names.ts";
import { refuseEncodedTwice } from "../encoded-twice.ts";
import { followRedirects } from "../follow-redirects.ts";
import { retryUnavailable, type RetryOptions } from "../retry-unavailable.ts";
import { saveBody } from "../save-body.ts";
import { mayPass, publicUrl } from "../send-request.ts";
import type { ReadSourceRequest } from "../source-reader.ts";
import { httpCredentials } from "./http-credentials.ts";
import { httpVersion } from "./http-version.ts";

export interface HttpOptions extends RetryOptions {
  /** Longest time without a byte, in milliseconds. @default 60000 */
  silenceMs?: number;
}

const CHECK = "check source.urls, and that this machine or the pods of the job fetch may reach it";
/** Times that a file is read that changes meanwhile. */
const READS = 3;

/**
 * Downloads the files of web servers, one after the other. A file with the ETag of the last run, or else with its time and size, is not
 * downloaded; without any of them it always is, and its digest says whether it has changed.
 */
export async function readHttp(
  request: ReadSourceRequest<Http>,
  { silenceMs, ...retries }: HttpOptions = {},
): Promise<SourceObject[]> {
  const { workload, source, previous, log, signal } = request;
  const credentials = httpCredentials(workload, request.credentials);
  const files = source.urls.map(namedUrl);
  checkObjectNames(
    files.map(({ name }) => name),
    (rule, value) => {
      throw new BadInput(`${workload}: source.urls ${rule}, got ${value}`);
    },
  );
  const objects: SourceObject[] = [];
  for (const { url, name } of files) {
    const what = `${workload}: source file ${name}`;
    const owner = { what, signal, ...(silenceMs === undefined ? {} : { silenceMs }) };
    const known = previous.find((object) => object.name === name);
    const read = (): Promise<SourceObject> => readFile({ url, name, owner, credentials, known }, request);
    const onRetry = (reason: string): void =>
      log.warn("the server does not answer: trying again", { reason });
    objects.push(await retryUnavailable(read, { onRetry, signal, ...retries }));
  }
  return objects;
}

interface HttpFile {
  url: string;
  name: string;
  owner: { what: string; signal: AbortSignal; silenceMs?: number };
  credentials: Record<string, string>;
  known: SourceObject | undefined;
}

async function readFile(
  { url, name, owner, credentials, known }: HttpFile,
  { directory }: ReadSourceRequest<Http>,
): Promise<SourceObject> {
  // The digest is that of the bytes on the server: a compressed transfer would change them.
  const headers = { "accept-encoding": "identity" };
  for (let attempt = 1; attempt <= READS; attempt++) {
    const answer = await followRedirects(url, owner, { headers, credentials, check: CHECK });
    if (answer.status !== 200) {
      await answer.discard();
      throw refusal(owner.what, url, answer.status, Object.keys(credentials).length > 0);
    }
    const version = httpVersion(answer.headers);
    if (known !== undefined && version !== undefined && known.version === version) {
      await answer.discard();
      return known;
    }
    try {
      refuseEncodedTwice(owner.what, name, answer.headers);
    } catch (error) {
      await answer.discard();
      throw error;
    }
    const saved = await saveBody(answer.body, join(directory, name));
    if (version === undefined) return { name, ...saved };
    // A file that was written over while it was read has bytes of both. A server without HEAD cannot say so.
    const after = await followRedirects(url, owner, { method: "HEAD", headers, credentials, check: CHECK });
    await after.discard();
    const now = after.status === 200 ? httpVersion(after.headers) : undefined;
    if ((now ?? version) === version) return { name, ...saved, version };
  }
  throw new Unavailable(
    `${owner.what}: ${publicUrl(url)} must stay as it is while it is read, got another version ${READS} times; try again later`,
  );
}

function refusal(what: string, url: string, status: number, sentCredentials: boolean): Error {
  const message = `${what}: status ${status} from ${publicUrl(url)}`;
  if (mayPass(status)) return new Unavailable(`${message}; try again later`);
  if (status === 404 || status === 410)
    return new BadInput(
      `${message}: there is no such file; correct source.urls in the workload's definition`,
    );
  if (status === 401 || status === 403)
    return new BadInput(
      sentCredentials
        ? `${message}: the server refuses the credentials; correct the Secret of source.credentials, or its rights`
        : `${message}: the server wants credentials; name a Secret with them in source.credentials`,
    );
  return new BadInput(`${message}; correct source.urls in the workload's definition`);
}
