import { join } from "node:path";
import { NODE } from "../../../../local/images/pins.ts";
import { lineProgress } from "../../../../local/progress.ts";
import { npmPackage } from "../../../../local/tools/npm-package.ts";
import { npmProgram } from "../../../../local/tools/npm-program.ts";
import { awsEncoded as encoded } from "../../../../runtime/artifacts/cloud/sigv4.ts";
import { sharedKey } from "../../../../runtime/sources/azure-blob/shared-key.ts";
import { startStore, type StoreProcess } from "./store-process.ts";

export const ACCOUNT = "acmeprices";
/** Key of the account, in base64. */
export const KEY = Buffer.from("for this test only").toString("base64");

export interface Azurite extends StoreProcess {
  /** Address of the account. */
  endpoint: string;
  /** Creates a container. */
  createContainer(name: string, access?: "container"): Promise<void>;
  upload(container: string, blob: string, content: string): Promise<void>;
  remove(container: string, blob: string): Promise<void>;
}

/** Starts Azurite with the Node of the image: it needs a newer one than the project does. */
export async function startAzurite(): Promise<Azurite> {
  const node = join(await npmPackage(lineProgress(), NODE), "bin/node");
  const program = join(
    await npmProgram(lineProgress(), "azurite"),
    "node_modules/azurite/dist/src/blob/main.js",
  );
  const server = await startStore((port, folder) => ({
    program: node,
    args: [
      program,
      "--blobHost",
      "127.0.0.1",
      "--blobPort",
      String(port),
      "--location",
      folder,
      "--silent",
      "--disableTelemetry",
    ],
    env: { AZURITE_ACCOUNTS: `${ACCOUNT}:${KEY}` },
  }));
  const endpoint = `${server.url}/${ACCOUNT}`;
  async function send(method: string, path: string, more: Record<string, string>, body = ""): Promise<void> {
    const url = `${endpoint}${path}`;
    const length: Record<string, string> =
      body === "" ? {} : { "content-length": String(Buffer.byteLength(body)) };
    const type: Record<string, string> = body === "" ? {} : { "content-type": "text/csv" };
    const headers = { ...type, ...more, "x-ms-date": new Date().toUTCString(), "x-ms-version": "2021-12-02" };
    const authorization = sharedKey(
      { method, url, headers: { ...headers, ...length } },
      ACCOUNT,
      Buffer.from(KEY, "base64"),
    );
    const answer = await fetch(url, {
      method,
      headers: { ...headers, authorization },
      body: body === "" ? null : body,
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  }
  const pathOf = (container: string, blob: string): string =>
    `/${container}/${blob.split("/").map(encoded).join("/")}`;
  return {
    ...server,
    endpoint,
    createContainer: (name, access) =>
      send(
        "PUT",
        `/${name}?restype=container`,
        access === undefined ? {} : { "x-ms-blob-public-access": access },
      ),
    upload: (container, blob, content) =>
      send("PUT", pathOf(container, blob), { "x-ms-blob-type": "BlockBlob" }, content),
    remove: (container, blob) => send("DELETE", pathOf(container, blob), {}),
  };
}
