import { z } from "zod";
import type { Gcs } from "../../contract/sources/gcs.ts";
import { BadInput } from "../../errors.ts";
import type { ObjectStore } from "../object-store/object-store.ts";
import { readText } from "../object-store/read-text.ts";
import { storeRefusal } from "../object-store/store-refusal.ts";
import { sendRequest, type Answer, type RequestOwner } from "../send-request.ts";

const CHECK = "check source.endpoint, and that this machine or the pods of the job fetch may reach it";
const ENDPOINT = "https://storage.googleapis.com";

const pageSchema = z.object({
  kind: z.literal("storage#objects"),
  items: z
    .array(z.object({ name: z.string(), size: z.coerce.number(), generation: z.coerce.string() }))
    .default([]),
  nextPageToken: z.string().optional(),
});
const faultSchema = z.object({
  error: z.object({ errors: z.array(z.object({ reason: z.string() })).min(1) }),
});

/**
 * Returns the store of a bucket of Google Cloud Storage.
 *
 * @param token - access token; without one, requests are those of anybody
 * @see https://cloud.google.com/storage/docs/json_api/v1/objects/list
 */
export function gcsStore(
  { bucket, endpoint = ENDPOINT }: Pick<Gcs, "bucket" | "endpoint">,
  token: string | undefined,
): ObjectStore {
  const base = `${endpoint.replace(/\/+$/, "")}/storage/v1/b/${bucket}/o`;

  // Stored as compressed, an object comes as it is stored, and is unpacked here: Google would unpack it without a length.
  const headers = {
    "accept-encoding": "gzip",
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
  const send = (path: string, query: Record<string, string>, owner: RequestOwner): Promise<Answer> =>
    sendRequest(`${base}${path}?${new URLSearchParams(query).toString()}`, owner, { headers, check: CHECK });

  async function refusal(answer: Answer, what: string, right: string): Promise<Error> {
    const text = await readText(answer);
    const code = faultSchema.safeParse(parsed(text)).data?.error.errors[0]?.reason ?? "";
    const refused = { what, status: answer.status, code, right, signed: token !== undefined };
    return storeRefusal({ ...refused, field: "source.bucket" });
  }

  return {
    name: `gs://${bucket}`,

    async list(prefix, page, owner) {
      const query = {
        prefix,
        maxResults: "1000",
        fields: "kind,nextPageToken,items(name,size,generation)",
        ...(page === undefined ? {} : { pageToken: page }),
      };
      const answer = await send("", query, owner);
      if (answer.status !== 200) throw await refusal(answer, owner.what, `storage.objects.list on ${bucket}`);
      const listed = pageSchema.safeParse(parsed(await readText(answer)));
      if (!listed.success)
        throw new BadInput(
          `${owner.what}: the endpoint must answer as Google Cloud Storage does, got another text; correct source.endpoint`,
        );
      const { items, nextPageToken } = listed.data;
      return {
        objects: items.map(({ name, size, generation }) => ({
          key: name,
          size,
          version: `generation ${generation}`,
        })),
        next: nextPageToken === "" ? undefined : nextPageToken,
      };
    },

    async open({ key, version }, owner) {
      const generation = version.replace("generation ", "");
      const query = { alt: "media", ifGenerationMatch: generation };
      const answer = await send(`/${encodeURIComponent(key)}`, query, owner);
      const is = answer.headers.get("x-goog-generation") ?? generation;
      if (answer.status === 200 && is === generation) return answer;
      if (answer.status !== 200 && answer.status !== 412 && answer.status !== 404)
        throw await refusal(answer, owner.what, `storage.objects.get on ${bucket}`);
      await answer.discard();
      return undefined;
    },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
