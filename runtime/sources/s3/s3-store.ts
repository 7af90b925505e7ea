import { awsEncoded, signedHeaders, type AwsKeys } from "../../artifacts/cloud/sigv4.ts";
import type { S3 } from "../../contract/sources/s3.ts";
import { BadInput } from "../../errors.ts";
import type { ListedObject, ObjectStore } from "../object-store/object-store.ts";
import { readText } from "../object-store/read-text.ts";
import { storeRefusal } from "../object-store/store-refusal.ts";
import { elements, elementText } from "../object-store/xml.ts";
import { sendRequest, type Answer, type RequestOwner } from "../send-request.ts";
import { domainOf } from "./aws-keys.ts";

const CHECK =
  "check source.endpoint and source.region, and that this machine or the pods of the job fetch may reach it";
/** sha256 of no bytes: requests that read have no body. */
const EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/**
 * Returns the store of a bucket of Amazon S3, or of a server that speaks its protocol.
 *
 * @param keys - sign the requests; without any, requests are those of anybody
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
 */
export function s3Store(
  { bucket, endpoint, region: named }: Pick<S3, "bucket" | "endpoint" | "region">,
  region: string,
  keys: AwsKeys | undefined,
): ObjectStore {
  const base = baseUrl(bucket, endpoint, region);

  async function send(
    path: string,
    owner: RequestOwner,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const url = `${base}${path}`;
    const request = { method: "GET", url, service: "s3", region, body: "" };
    const hash = { "x-amz-content-sha256": EMPTY };
    const signed = keys === undefined ? {} : signedHeaders({ ...request, headers: hash }, keys, new Date());
    return sendRequest(url, owner, { headers: { ...headers, ...signed }, check: CHECK });
  }

  async function refusal(answer: Answer, what: string, right: string): Promise<Error> {
    const text = await readText(answer);
    const code = elementText(text, "Code") ?? "";
    const ownRegion = answer.headers.get("x-amz-bucket-region") ?? elementText(text, "Region");
    if (ownRegion !== null && ownRegion !== undefined && ownRegion !== region)
      return new BadInput(
        `${what}: source.region must be ${/^[a-z0-9-]+$/.test(ownRegion) ? ownRegion : "that of the bucket"}, got ${region}${named === undefined ? ", because it is not set" : ""}; correct it in the workload's definition`,
      );
    const refused = { what, status: answer.status, code, right, signed: keys !== undefined };
    return storeRefusal({ ...refused, field: "source.bucket" });
  }

  return {
    name: `s3://${bucket}`,

    async list(prefix, page, owner) {
      const query = {
        ...(page === undefined ? {} : { "continuation-token": page }),
        "encoding-type": "url",
        "list-type": "2",
        prefix,
      };
      const text = Object.entries(query).map(([name, value]) => `${name}=${awsEncoded(value)}`);
      const answer = await send(`/?${text.join("&")}`, owner);
      if (answer.status !== 200) throw await refusal(answer, owner.what, `s3:ListBucket on ${bucket}`);
      const xml = await readText(answer);
      if (!xml.includes("<ListBucketResult"))
        throw new BadInput(
          `${owner.what}: the endpoint must answer as S3 does, got another text; correct source.endpoint`,
        );
      const next = elementText(xml, "NextContinuationToken");
      return {
        objects: elements(xml, "Contents").map((content): ListedObject => ({
          key: decodeURIComponent((elementText(content, "Key") ?? "").replaceAll("+", " ")),
          size: Number(elementText(content, "Size")),
          version: `etag ${elementText(content, "ETag") ?? ""}`,
        })),
        ...(elementText(xml, "IsTruncated") === "true" && next !== undefined ? { next } : {}),
      };
    },

    async open({ key, version }, owner) {
      const path = `/${key.split("/").map(awsEncoded).join("/")}`;
      // The digest is that of the bytes in the bucket: a compressed transfer would change them.
      const headers = { "accept-encoding": "identity", "if-match": version.replace("etag ", "") };
      const answer = await send(path, owner, headers);
      if (answer.status === 200) return answer;
      if (answer.status !== 412 && answer.status !== 404)
        throw await refusal(answer, owner.what, `s3:GetObject on ${bucket}`);
      await answer.discard();
      return undefined;
    },
  };
}

/** Other servers have the bucket in the path; so has Amazon for a name with dots, which no certificate covers. */
function baseUrl(bucket: string, endpoint: string | undefined, region: string): string {
  if (endpoint !== undefined) return `${endpoint.replace(/\/+$/, "")}/${bucket}`;
  const domain = `s3.${region}.${domainOf(region)}`;
  return bucket.includes(".") ? `https://${domain}/${bucket}` : `https://${bucket}.${domain}`;
}
