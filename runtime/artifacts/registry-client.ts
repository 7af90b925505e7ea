import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { Readable } from "node:stream";
import { repositorySchema } from "../contract/artifact-reference.ts";
import { BadInput, Corrupt, Refused } from "../errors.ts";
import type { CloudIdentityEnv, RegistryEnv } from "../contract/env.ts";
import { authorizer } from "./authorizer.ts";
import { cloudCredentials } from "./cloud/cloud-credentials.ts";
import { loadCredentials } from "./credentials.ts";
import type { Credentials, CredentialsSource } from "./credentials.ts";
import { digestOf } from "./digest.ts";
import { DOCKER_INDEX_TYPE, DOCKER_MANIFEST_TYPE, INDEX_TYPE, MANIFEST_TYPE } from "./manifest.ts";
import { cutOff, readAtMost } from "./registry-body.ts";
import { registryHttp } from "./registry-http.ts";
import { registryPages } from "./registry-pages.ts";
import { saveBlob } from "./save-blob.ts";

export interface RegistryClientOptions {
  /** `http://host:port`, with a path where repositories have a prefix: `https://host/team`. */
  url: string;
  /** Credentials, or a function that gets them if they expire. */
  credentials?: Credentials | CredentialsSource;
  /** @default - the global `fetch` */
  fetch?: typeof fetch;
  /** @default 4 */
  retries?: number;
  /** @default 250 */
  backoffMs?: number;
}

/** The bytes of a manifest and their digest, which has been checked. */
export interface RawManifest {
  digest: string;
  mediaType: string;
  bytes: Buffer;
}

/** Artifacts are OCI manifests; images from elsewhere may be Docker's. */
const MANIFEST_TYPES = [MANIFEST_TYPE, INDEX_TYPE, DOCKER_MANIFEST_TYPE, DOCKER_INDEX_TYPE];

/** The part of the OCI distribution API that artifacts need. @see https://github.com/opencontainers/distribution-spec */
export interface RegistryClient {
  /** `host:port` with the prefix, for messages and image references. */
  readonly name: string;
  hasBlob(repository: string, digest: string): Promise<boolean>;
  /** Uploads a file (by its path) or bytes, unless the registry has them. The registry checks the digest. */
  pushBlob(repository: string, digest: string, content: string | Uint8Array): Promise<void>;
  /** Streams a blob to `path`, which exists afterwards only if size and digest are right. */
  pullBlob(repository: string, blob: { digest: string; size: number }, path: string): Promise<void>;
  /** Returns the manifest of a digest or a tag; undefined if there is none. */
  getManifest(repository: string, reference: string): Promise<RawManifest | undefined>;
  /** Uploads a manifest. Returns true if the registry itself adds it to the referrers of its `subject`. */
  putManifest(repository: string, reference: string, bytes: Uint8Array, mediaType?: string): Promise<boolean>;
  /** Returns the digest of a tag; undefined if there is no such tag. */
  resolveTag(repository: string, tag: string): Promise<string | undefined>;
  /** Points a tag at an existing manifest. */
  putTag(repository: string, tag: string, digest: string): Promise<void>;
  listTags(repository: string): Promise<string[]>;
  /**
   * Deletes a manifest with all its tags. Does nothing if there is none. Its blobs stay until the registry collects garbage. Throws
   * Refused if the registry does not delete by this API.
   */
  deleteManifest(repository: string, digest: string): Promise<void>;
  /** Returns the repositories below the prefix, sorted; undefined if the registry does not list them to this account. */
  listRepositories(): Promise<string[] | undefined>;
  /** Returns the referrers index of a digest; undefined if the registry has no referrers API. */
  getReferrers(repository: string, digest: string): Promise<Buffer | undefined>;
}

/**
 * Returns a client for the registry of SLIPWAY_REGISTRY. Its credentials come from config.json in the DOCKER_CONFIG folder or, for a
 * cloud's registry, from the pod's identity in that cloud.
 */
export async function connectRegistry(
  env: RegistryEnv & CloudIdentityEnv,
  fetchImpl: typeof fetch = fetch,
): Promise<RegistryClient> {
  const { SLIPWAY_REGISTRY: url, DOCKER_CONFIG: dockerConfig } = env;
  const { host } = parseUrl(url);
  const credentials = (await loadCredentials(dockerConfig, host)) ?? cloudCredentials(host, env, fetchImpl);
  return registryClient({ url, fetch: fetchImpl, ...(credentials === undefined ? {} : { credentials }) });
}

export function registryClient(options: RegistryClientOptions): RegistryClient {
  const base = parseUrl(options.url);
  const fetchImpl = options.fetch ?? fetch;
  const http = registryHttp({
    origin: base.origin,
    authorizer: authorizer(base.origin, options.credentials, fetchImpl),
    fetch: fetchImpl,
    retries: options.retries,
    backoffMs: options.backoffMs,
  });
  const prefix = base.pathname.replace(/^\/+|\/+$/g, "");
  const full = (repository: string): string => {
    const path = prefix === "" ? repository : `${prefix}/${repository}`;
    const valid = repositorySchema.safeParse(path);
    if (!valid.success)
      throw new BadInput(`registry: repository ${valid.error.issues[0]?.message}, got ${path}`);
    return path;
  };
  const at = (repository: string, rest: string): string => `${base.origin}/v2/${full(repository)}/${rest}`;
  const scope = (repository: string): string => `repository:${full(repository)}:pull,push`;

  const client: RegistryClient = {
    name: prefix === "" ? base.host : `${base.host}/${prefix}`,

    async hasBlob(repository, digest) {
      const response = await http({
        what: `look for blob ${digest} of ${repository}`,
        method: "HEAD",
        url: at(repository, `blobs/${digest}`),
        scope: scope(repository),
        accept: [200, 404],
      });
      return response.status === 200;
    },

    async pushBlob(repository, digest, content) {
      if (await client.hasBlob(repository, digest)) return;
      const what = `push blob ${digest} to ${repository}`;
      const opened = await http({
        what,
        method: "POST",
        url: at(repository, "blobs/uploads/"),
        scope: scope(repository),
        headers: { "content-length": "0" },
        accept: [202],
      });
      await opened.body?.cancel();
      const location = new URL(opened.headers.get("location") ?? "", base.origin);
      location.searchParams.set("digest", digest);
      const size = typeof content === "string" ? (await stat(content)).size : content.byteLength;
      const sent = await http({
        what,
        method: "PUT",
        url: location.href,
        scope: scope(repository),
        headers: { "content-type": "application/octet-stream", "content-length": String(size) },
        body: () =>
          typeof content === "string" ? Readable.toWeb(createReadStream(content)) : new Uint8Array(content),
        accept: [201],
      });
      await sent.body?.cancel();
    },

    async pullBlob(repository, blob, path) {
      const response = await http({
        what: `pull blob ${blob.digest} of ${repository}`,
        url: at(repository, `blobs/${blob.digest}`),
        scope: scope(repository),
        accept: [200],
      });
      await saveBlob(response, { ...blob, repository }, path).catch(
        cutOff(`pull blob ${blob.digest} of ${repository}`, at(repository, `blobs/${blob.digest}`)),
      );
    },

    async getManifest(repository, reference) {
      const response = await http({
        what: `get manifest ${reference} of ${repository}`,
        url: at(repository, `manifests/${reference}`),
        scope: scope(repository),
        headers: { accept: MANIFEST_TYPES.join(", ") },
        accept: [200, 404],
      });
      if (response.status === 404) {
        await response.body?.cancel();
        return undefined;
      }
      const bytes = await readAtMost(response, MAX_MANIFEST_BYTES, `manifest of ${repository}`).catch(
        cutOff(`get manifest ${reference} of ${repository}`, at(repository, `manifests/${reference}`)),
      );
      const digest = digestOf(bytes);
      if (reference.startsWith("sha256:") && digest !== reference)
        throw new Corrupt(`registry: manifest of ${repository} must have digest ${reference}, got ${digest}`);
      const mediaType = response.headers.get("content-type")?.split(";")[0]?.trim();
      return { digest, bytes, mediaType: mediaType ?? MANIFEST_TYPE };
    },

    async putManifest(repository, reference, bytes, mediaType = MANIFEST_TYPE) {
      const response = await http({
        what: `put manifest ${reference} of ${repository}`,
        method: "PUT",
        url: at(repository, `manifests/${reference}`),
        scope: scope(repository),
        headers: { "content-type": mediaType },
        body: () => new Uint8Array(bytes),
        accept: [201],
      });
      await response.body?.cancel();
      return response.headers.has("oci-subject");
    },

    async resolveTag(repository, tag) {
      return (await client.getManifest(repository, tag))?.digest;
    },

    async putTag(repository, tag, digest) {
      const manifest = await client.getManifest(repository, digest);
      if (manifest === undefined)
        throw new BadInput(`registry: tag ${tag} of ${repository}: no manifest ${digest}; push it first`);
      await client.putManifest(repository, tag, manifest.bytes, manifest.mediaType);
    },

    async listTags(repository) {
      const tags: string[] = [];
      const get = (url: string): Promise<Response> =>
        http({ what: `list tags of ${repository}`, url, scope: scope(repository), accept: [200, 404] });
      for await (const page of registryPages(
        `tags of ${repository}`,
        at(repository, "tags/list?n=1000"),
        get,
      )) {
        if (page.status === 404) {
          await page.body?.cancel();
          return [];
        }
        tags.push(...(((await page.json()) as { tags?: string[] | null }).tags ?? []));
      }
      return tags.sort();
    },

    async deleteManifest(repository, digest) {
      const response = await http({
        what: `delete manifest ${digest} of ${repository}`,
        method: "DELETE",
        url: at(repository, `manifests/${digest}`),
        scope: `repository:${full(repository)}:pull,push,delete`,
        // A registry without this API, or with deletion switched off, answers 405.
        accept: [202, 404, 405],
      });
      await response.body?.cancel();
      if (response.status === 405)
        throw new Refused(
          `registry: ${client.name} deletes no manifest of ${repository} by the API of registries (405)`,
        );
    },

    async listRepositories() {
      const names = new Set<string>();
      const get = (url: string): Promise<Response> =>
        http({
          what: "list repositories",
          url,
          scope: "registry:catalog:*",
          accept: [200, 401, 403, 404, 405],
        });
      for await (const page of registryPages("repositories", `${base.origin}/v2/_catalog?n=1000`, get)) {
        if (page.status !== 200) {
          await page.body?.cancel();
          return undefined;
        }
        const { repositories } = (await page.json()) as { repositories?: string[] | null };
        for (const name of repositories ?? []) names.add(name);
      }
      const below = prefix === "" ? "" : `${prefix}/`;
      return [...names]
        .filter((name) => name.startsWith(below))
        .map((name) => name.slice(below.length))
        .sort();
    },

    async getReferrers(repository, digest) {
      const response = await http({
        what: `list referrers of ${repository}@${digest}`,
        url: at(repository, `referrers/${digest}`),
        scope: scope(repository),
        headers: { accept: INDEX_TYPE },
        accept: [200, 404],
      });
      if (response.status === 200) return Buffer.from(await response.arrayBuffer());
      await response.body?.cancel();
      return undefined;
    },
  };
  return client;
}

function parseUrl(url: string): URL {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed === null || !["http:", "https:"].includes(parsed.protocol) || parsed.username !== "")
    throw new BadInput("registry: the address must be http(s)://host[:port][/prefix] without credentials");
  return parsed;
}

/** Largest manifest that registries accept. @see https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pushing-manifests */
const MAX_MANIFEST_BYTES = 4 * 1024 * 1024;
