import { buffer } from "node:stream/consumers";
import { digestOf } from "../../runtime/artifacts/digest.ts";
import { EMPTY_CONFIG, manifestBytes } from "../../runtime/artifacts/manifest.ts";
import { registryClient, type RegistryClient } from "../../runtime/artifacts/registry-client.ts";
import type { ArtifactKind } from "../../runtime/contract/artifact-kind.ts";
import { fakeServer, type FakeServer } from "./fake-server.ts";

export interface FakeRegistry extends FakeServer {
  client: RegistryClient;
  /** `repository:tag` or `repository@digest` → digest. */
  tags: Map<string, string>;
  /** Puts an artifact of JSON files there, and returns its reference. */
  put(repository: string, kind: ArtifactKind, files: Record<string, unknown>, ...tags: string[]): string;
  /** Answers every request with this status from now on; undefined ends that. */
  failWith(status: number | undefined): void;
}

/** An OCI registry in memory, over real HTTP. */
export async function fakeRegistry(): Promise<FakeRegistry> {
  const manifests = new Map<string, Buffer>();
  const blobs = new Map<string, Buffer>([[EMPTY_CONFIG.digest, Buffer.from("{}")]]);
  const tags = new Map<string, string>();
  let failure: number | undefined;
  const server = await fakeServer(async (request, { pathname }, response) => {
    const [, repository = "", what, reference = ""] =
      /^\/v2\/(.+)\/(manifests|blobs)\/([^/]+)$/.exec(pathname) ?? [];
    if (failure !== undefined) response.writeHead(failure).end();
    else if (what === "manifests" && request.method === "PUT") {
      const bytes = await buffer(request);
      tags.set(`${repository}:${reference}`, digestOf(bytes));
      manifests.set(`${repository}@${digestOf(bytes)}`, bytes);
      response.writeHead(201).end();
    } else {
      const digest = reference.startsWith("sha256:") ? reference : tags.get(`${repository}:${reference}`);
      const bytes = what === "blobs" ? blobs.get(digest ?? "") : manifests.get(`${repository}@${digest}`);
      if (bytes === undefined) response.writeHead(404).end();
      else response.writeHead(200, { "docker-content-digest": digest }).end(bytes);
    }
  });
  return {
    ...server,
    client: registryClient({ url: server.url, retries: 0 }),
    tags,
    put(repository, kind, files, ...names) {
      const layers = Object.entries(files).map(([name, content]) => {
        const bytes = Buffer.from(JSON.stringify(content));
        blobs.set(digestOf(bytes), bytes);
        return { name, digest: digestOf(bytes), size: bytes.length };
      });
      const bytes = manifestBytes({ kind, files: layers });
      const digest = digestOf(bytes);
      manifests.set(`${repository}@${digest}`, bytes);
      for (const tag of names) tags.set(`${repository}:${tag}`, digest);
      return `${repository}@${digest}`;
    },
    failWith: (status) => void (failure = status),
  };
}
