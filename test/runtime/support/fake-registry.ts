import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { digestOf } from "../../../runtime/artifacts/digest.ts";

export interface FakeRegistry {
  url: string;
  /** By digest or, for manifests, by tag too. */
  manifests: Map<string, Uint8Array>;
  blobs: Map<string, Uint8Array>;
  close(): Promise<void>;
}

/** As much of the OCI distribution API as pushing and pulling artifacts takes, over HTTP, in memory, for one test. */
export async function fakeRegistry(): Promise<FakeRegistry> {
  const manifests = new Map<string, Uint8Array>();
  const blobs = new Map<string, Uint8Array>();
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "", "http://registry");
    const last = decodeURIComponent(url.pathname.split("/").at(-1) ?? "");
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks);
      if (request.method === "POST") {
        response.writeHead(202, { location: `${url.pathname}upload` }).end();
      } else if (request.method === "PUT") {
        if (url.pathname.includes("/manifests/")) {
          manifests.set(last, body);
          manifests.set(digestOf(body), body);
        } else blobs.set(url.searchParams.get("digest") ?? "", body);
        response.writeHead(201).end();
      } else {
        const found = (url.pathname.includes("/manifests/") ? manifests : blobs).get(last);
        response
          .writeHead(found === undefined ? 404 : 200)
          .end(request.method === "HEAD" ? undefined : found);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    manifests,
    blobs,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
