import type { RegistryClient } from "../../../../runtime/artifacts/registry-client.ts";
import { registryClient } from "../../../../runtime/artifacts/registry-client.ts";
import { copyImage } from "../../../../cli/mirror/copy-image.ts";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createReadStream } from "node:fs";
import { sendJson, type Site } from "./front.ts";

/** An image that a public registry has: the repository of the local registry where it really is, and its digest. */
export interface PublicImage {
  repository: string;
  digest: string;
}

/** The public registries of the images, which serve what this machine has built. They let everybody read. */
export class PublicRegistries {
  /** `HOST/REPOSITORY:TAG` → the image. */
  readonly #images: ReadonlyMap<string, PublicImage>;
  readonly #local: RegistryClient;

  constructor(images: ReadonlyMap<string, PublicImage>, local: RegistryClient) {
    this.#images = images;
    this.#local = local;
  }

  get hosts(): string[] {
    return [...new Set([...this.#images.keys()].map((image) => image.slice(0, image.indexOf("/"))))];
  }

  readonly site: Site = async (request, response) => {
    const host = (request.headers.host ?? "").split(":")[0] ?? "";
    const { pathname } = new URL(request.url ?? "/", "http://registry");
    if (/^\/v2\/?$/.test(pathname)) return void response.writeHead(200).end("{}");
    const [, path = "", kind = "", reference = ""] =
      /^\/v2\/(.+)\/(manifests|blobs)\/(.+)$/.exec(pathname) ?? [];
    const image = this.#find(`${host}/${path}`, kind === "manifests" ? reference : undefined);
    if (image === undefined) return sendJson(response, 404, { errors: [{ code: "MANIFEST_UNKNOWN" }] });
    if (kind === "manifests") {
      const manifest = await this.#local.getManifest(image.repository, image.digest);
      if (manifest === undefined) return sendJson(response, 404, { errors: [{ code: "MANIFEST_UNKNOWN" }] });
      response
        .writeHead(200, {
          "content-type": manifest.mediaType,
          "docker-content-digest": manifest.digest,
          "content-length": manifest.bytes.length,
        })
        .end(request.method === "HEAD" ? undefined : manifest.bytes);
      return;
    }
    const folder = await mkdtemp(join(tmpdir(), "cloud-walk-blob-"));
    try {
      const size = await this.#sizeOf(image, reference);
      await this.#local.pullBlob(image.repository, { digest: reference, size }, join(folder, "blob"));
      response.writeHead(200, { "content-length": size, "content-type": "application/octet-stream" });
      await pipeline(createReadStream(join(folder, "blob")), response);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  };

  /**
   * Copies an image to `http://STORE/v2/REPOSITORY`, with its tag. Does nothing if there is no such image.
   *
   * @param path - `HOST/REPOSITORY`
   * @param reference - tag or digest
   */
  async copy(path: string, reference: string, target: string): Promise<void> {
    const found = this.#find(path, reference);
    if (found === undefined) return;
    const [url = "", repository = ""] = target.split("/v2/");
    const scratch = await mkdtemp(join(tmpdir(), "cloud-walk-copy-"));
    try {
      await copyImage({
        from: { registry: this.#local, repository: found.repository, reference: found.digest },
        to: { registry: registryClient({ url }), repository, tag: found.tag },
        scratch,
        update: () => undefined,
      });
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  }

  #find(path: string, reference: string | undefined): (PublicImage & { tag: string }) | undefined {
    for (const [name, image] of this.#images) {
      if (name.slice(0, name.lastIndexOf(":")) !== path) continue;
      const tag = name.slice(name.lastIndexOf(":") + 1);
      if (reference === undefined || reference === tag || reference === image.digest)
        return { ...image, tag };
    }
    return undefined;
  }

  async #sizeOf({ repository, digest }: PublicImage, blob: string): Promise<number> {
    const manifest = await this.#local.getManifest(repository, digest);
    const { config, layers } = JSON.parse(String(manifest?.bytes)) as {
      config: { digest: string; size: number };
      layers: { digest: string; size: number }[];
    };
    const found = [config, ...layers].find((each) => each.digest === blob);
    if (found === undefined) throw new Error(`${repository} has no blob ${blob}`);
    return found.size;
  }
}
