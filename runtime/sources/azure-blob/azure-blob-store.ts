import { awsEncoded as encoded } from "../../artifacts/cloud/sigv4.ts";
import type { AzureBlob } from "../../contract/sources/azure-blob.ts";
import { BadInput } from "../../errors.ts";
import type { ListedObject, ObjectStore } from "../object-store/object-store.ts";
import { readText } from "../object-store/read-text.ts";
import { storeRefusal } from "../object-store/store-refusal.ts";
import { elements, elementText } from "../object-store/xml.ts";
import { sendRequest, type Answer, type RequestOwner } from "../send-request.ts";
import type { AzureProof } from "./azure-proof.ts";
import { sharedKey } from "./shared-key.ts";

const CHECK =
  "check source.account and source.endpoint, and that this machine or the pods of the job fetch may reach it";
/** Version of the protocol, which every server of today knows. */
const API = "2021-12-02";
const RIGHT = "the role Storage Blob Data Reader";

/**
 * Returns the store of a container of Azure Blob Storage.
 *
 * @param proof - without one, requests are those of anybody
 * @see https://learn.microsoft.com/rest/api/storageservices/list-blobs
 */
export function azureBlobStore(
  {
    account,
    container,
    endpoint = `https://${account}.blob.core.windows.net`,
  }: Pick<AzureBlob, "account" | "container" | "endpoint">,
  proof: AzureProof | undefined,
): ObjectStore {
  const base = `${endpoint.replace(/\/+$/, "")}/${container}`;
  const right = `${RIGHT} on ${container}`;

  function send(path: string, owner: RequestOwner, more: Record<string, string> = {}): Promise<Answer> {
    const bare = `${base}${path}`;
    const url =
      proof !== undefined && "sas" in proof ? `${bare}${path.includes("?") ? "&" : "?"}${proof.sas}` : bare;
    const headers = { ...more, "x-ms-date": new Date().toUTCString(), "x-ms-version": API };
    const authorization = authorizationOf(proof, { method: "GET", url, headers }, account);
    return sendRequest(url, owner, {
      headers: { ...headers, ...(authorization === undefined ? {} : { authorization }) },
      check: CHECK,
    });
  }

  async function refusal(answer: Answer, what: string): Promise<Error> {
    await answer.discard();
    const code = answer.headers.get("x-ms-error-code") ?? "";
    const refused = { what, status: answer.status, code, right, signed: proof !== undefined };
    return storeRefusal({ ...refused, field: "source.account or source.container" });
  }

  return {
    name: `azure://${account}/${container}`,

    async list(prefix, page, owner) {
      const query = {
        comp: "list",
        maxresults: "5000",
        prefix,
        restype: "container",
        ...(page === undefined ? {} : { marker: page }),
      };
      const text = Object.entries(query).map(([name, value]) => `${name}=${encoded(value)}`);
      const answer = await send(`?${text.join("&")}`, owner);
      if (answer.status !== 200) throw await refusal(answer, owner.what);
      const xml = await readText(answer);
      if (!xml.includes("<EnumerationResults"))
        throw new BadInput(
          `${owner.what}: the endpoint must answer as Azure does, got another text; correct source.endpoint`,
        );
      const next = elementText(xml, "NextMarker") ?? "";
      // A hierarchical account lists its folders too.
      const blobs = elements(xml, "Blob").filter((blob) => elementText(blob, "ResourceType") !== "directory");
      return {
        objects: blobs.map((blob): ListedObject => ({
          key: elementText(blob, "Name") ?? "",
          size: Number(elementText(blob, "Content-Length")),
          version: `etag "${(elementText(blob, "Etag") ?? "").replaceAll('"', "")}"`,
        })),
        ...(next === "" ? {} : { next }),
      };
    },

    async open({ key, version }, owner) {
      const path = `/${key.split("/").map(encoded).join("/")}`;
      const answer = await send(path, owner, {
        "accept-encoding": "identity",
        "if-match": version.replace("etag ", ""),
      });
      if (answer.status === 200) return answer;
      if (answer.status !== 412 && answer.status !== 404) throw await refusal(answer, owner.what);
      await answer.discard();
      return undefined;
    },
  };
}

function authorizationOf(
  proof: AzureProof | undefined,
  request: Parameters<typeof sharedKey>[0],
  account: string,
): string | undefined {
  if (proof === undefined || "sas" in proof) return undefined;
  return "key" in proof ? sharedKey(request, account, proof.key) : `Bearer ${proof.token}`;
}
