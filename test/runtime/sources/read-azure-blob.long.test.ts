import { createHmac } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { digestOf } from "../../../runtime/artifacts/digest.ts";
import type { SourceObject } from "../../../runtime/contract/source-manifest.ts";
import type { AzureBlob } from "../../../runtime/contract/sources/azure-blob.ts";
import { BadInput } from "../../../runtime/errors.ts";
import { silentLogger } from "../../../runtime/log.ts";
import { azureBlobStore } from "../../../runtime/sources/azure-blob/azure-blob-store.ts";
import { readAzureBlob } from "../../../runtime/sources/azure-blob/read-azure-blob.ts";
import { ACCOUNT, KEY, startAzurite, type Azurite } from "./support/azurite.ts";

let azurite: Azurite;
beforeAll(async () => {
  azurite = await startAzurite();
  for (const container of ["prices", "empty"]) await azurite.createContainer(container);
  await azurite.createContainer("public", "container");
}, 1_800_000);
afterAll(() => azurite.stop());

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "azure-"));
});
afterEach(() => rm(directory, { recursive: true }));

const read = (
  source: Partial<AzureBlob> = {},
  previous: SourceObject[] = [],
  credentials: Record<string, string> = { AZURE_STORAGE_KEY: KEY },
): Promise<SourceObject[]> =>
  readAzureBlob(
    {
      workload: "prices",
      source: {
        kind: "azure-blob",
        account: ACCOUNT,
        container: "prices",
        endpoint: azurite.endpoint,
        ...source,
      },
      directory,
      previous,
      credentials,
      log: silentLogger,
      signal: new AbortController().signal,
    },
    { tries: 2, pauseMs: 1, silenceMs: 20_000 },
  );

/** A shared access signature for the account, to list and to read. @see https://learn.microsoft.com/rest/api/storageservices/create-account-sas */
function accountSas(): string {
  const expiry = new Date(Date.now() + 3600_000).toISOString().replace(/\.\d+Z/, "Z");
  const fields = [ACCOUNT, "rl", "b", "co", "", expiry, "", "https,http", "2020-08-04"];
  const signature = createHmac("sha256", Buffer.from(KEY, "base64"))
    .update(`${fields.join("\n")}\n`)
    .digest("base64");
  const query = {
    sv: "2020-08-04",
    ss: "b",
    srt: "co",
    sp: "rl",
    se: expiry,
    spr: "https,http",
    sig: signature,
  };
  return `?${new URLSearchParams(query).toString()}`;
}

describe("a container of Azurite", () => {
  it("is read below its prefix, and again only what has changed", async () => {
    await azurite.upload("prices", "export/a.csv", "a\n1\n");
    await azurite.upload("prices", "export/ä b/C+d&e.csv", "a\n2\n");
    await azurite.upload("prices", "other/c.csv", "a\n3\n");
    const first = await read({ prefix: "export" });
    expect(first).toEqual([
      {
        name: "a.csv",
        digest: digestOf("a\n1\n"),
        size: 4,
        version: expect.stringMatching(/^etag ".+"$/) as string,
      },
      { name: "ä b/C+d&e.csv", digest: digestOf("a\n2\n"), size: 4, version: expect.any(String) as string },
    ]);
    expect(await readFile(join(directory, "ä b/C+d&e.csv"), "utf8")).toBe("a\n2\n");
    await azurite.upload("prices", "export/a.csv", "a\n4\n");
    const second = await read({ prefix: "export" }, first);
    expect(second[0]?.digest).toBe(digestOf("a\n4\n"));
    expect(second[1]).toBe(first[1]);
  });

  it("is read with a shared access signature, and a public one with nothing", async () => {
    await azurite.upload("prices", "sas/a.csv", "a\n");
    expect(await read({ prefix: "sas" }, [], { AZURE_STORAGE_SAS_TOKEN: accountSas() })).toHaveLength(1);
    await azurite.upload("public", "a.csv", "a\n");
    expect(await read({ container: "public" }, [], {})).toMatchObject([{ name: "a.csv", size: 2 }]);
  });

  it("opens a blob only in the state of the listing", async () => {
    await azurite.upload("prices", "changing.csv", "old");
    const source = { account: ACCOUNT, container: "prices", endpoint: azurite.endpoint };
    const store = azureBlobStore(source, { key: Buffer.from(KEY, "base64") });
    const [blob] = (await store.list("changing.csv", undefined, { what: "prices" })).objects;
    await azurite.upload("prices", "changing.csv", "new");
    expect(await store.open(blob!, { what: "prices" })).toBeUndefined();
    await azurite.remove("prices", "changing.csv");
    expect(await store.open(blob!, { what: "prices" })).toBeUndefined();
  });

  it.each<[string, Partial<AzureBlob>, Record<string, string>, string]>([
    [
      "a container that is not there",
      { container: "absent" },
      { AZURE_STORAGE_KEY: KEY },
      "/absent: status 404 ContainerNotFound: there is no such place; correct source.account or source.container",
    ],
    [
      "no blob",
      { container: "empty" },
      { AZURE_STORAGE_KEY: KEY },
      "source.files must match an object below azure://acmeprices/empty/, got **",
    ],
    ["no credentials", {}, {}, "the store wants credentials; name a Secret with them in source.credentials"],
    [
      "a wrong key",
      {},
      { AZURE_STORAGE_KEY: "d3Jvbmc=" },
      "status 403 AuthorizationFailure: the credentials have no right to read here; give them the role Storage Blob Data Reader on prices, or correct the Secret of source.credentials",
    ],
    [
      "a Secret of another form",
      {},
      { AZURE_STORAGE_KEY: KEY, other: "x" },
      "must have either AZURE_STORAGE_KEY or AZURE_STORAGE_SAS_TOKEN, got AZURE_STORAGE_KEY, other",
    ],
  ])("with %s is refused by name", async (_title, source, credentials, message) => {
    const failure: unknown = await read(source, [], credentials).catch((error: unknown) => error);
    expect(String(failure)).toContain(message);
    expect(failure).toBeInstanceOf(BadInput);
    expect(String(failure)).not.toContain("d3Jvbmc=");
  });
});
