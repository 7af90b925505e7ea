import { randomBytes } from "node:crypto";
import { digestOf } from "../../../runtime/artifacts/digest.ts";
import type { RegistryClient } from "../../../runtime/artifacts/registry-client.ts";

const OCI = {
  manifest: "application/vnd.oci.image.manifest.v1+json",
  index: "application/vnd.oci.image.index.v1+json",
  config: "application/vnd.oci.image.config.v1+json",
  layer: "application/vnd.oci.image.layer.v1.tar+gzip",
};
const DOCKER = {
  manifest: "application/vnd.docker.distribution.manifest.v2+json",
  index: "application/vnd.docker.distribution.manifest.list.v2+json",
  config: "application/vnd.docker.container.image.v1+json",
  layer: "application/vnd.docker.image.rootfs.diff.tar.gzip",
};

export interface Upstream {
  /** Of the index. */
  digest: string;
  /** Of the image of each architecture. */
  images: Record<string, string>;
  /** Layers of each architecture. */
  layers: Record<string, string[]>;
}

/** Pushes an index with one image for each architecture, each with `layers` layers of random bytes. */
export async function pushUpstream(
  registry: RegistryClient,
  repository: string,
  tag: string,
  options: { docker?: boolean; architectures?: string[]; layers?: number } = {},
): Promise<Upstream> {
  const { docker = false, architectures = ["arm64", "amd64"], layers = 3 } = options;
  const types = docker ? DOCKER : OCI;
  const blob = async (mediaType: string, bytes: Buffer) => {
    const digest = digestOf(bytes);
    await registry.pushBlob(repository, digest, bytes);
    return { mediaType, digest, size: bytes.length };
  };
  const upstream: Upstream = { digest: "", images: {}, layers: {} };
  const manifests = [];
  for (const architecture of architectures) {
    const described = await Promise.all(
      Array.from({ length: layers }, () => blob(types.layer, randomBytes(200_000))),
    );
    const config = await blob(types.config, Buffer.from(JSON.stringify({ os: "linux", architecture })));
    const image = { schemaVersion: 2, mediaType: types.manifest, config, layers: described };
    const bytes = Buffer.from(JSON.stringify(image));
    const digest = digestOf(bytes);
    await registry.putManifest(repository, digest, bytes, types.manifest);
    upstream.images[architecture] = digest;
    upstream.layers[architecture] = described.map((layer) => layer.digest);
    const platform = { os: "linux", architecture };
    manifests.push({ mediaType: types.manifest, digest, size: bytes.length, platform });
  }
  const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: types.index, manifests }, null, 2));
  await registry.putManifest(repository, tag, bytes, types.index);
  return { ...upstream, digest: digestOf(bytes) };
}
