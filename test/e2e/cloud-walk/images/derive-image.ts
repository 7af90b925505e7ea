import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { runCommand } from "../../../../local/run-command.ts";
import { digestOf } from "../../../../runtime/artifacts/digest.ts";
import { MANIFEST_TYPE } from "../../../../runtime/artifacts/manifest.ts";
import type { RegistryClient } from "../../../../runtime/artifacts/registry-client.ts";

export interface DeriveOptions {
  from: { repository: string; digest: string };
  /** Repository of the new image, in the same registry. */
  to: string;
  /** Path in the image → content, in a new layer. Files that begin with `#!` can be run. */
  files: Readonly<Record<string, string>>;
  env?: Readonly<Record<string, string>>;
  entrypoint?: readonly string[];
}

interface ImageConfig {
  config: { Env: string[]; Entrypoint: readonly string[] };
  rootfs: { diff_ids: string[] };
  history?: object[];
}

interface ImageManifest {
  config: { digest: string; size: number };
  layers: { mediaType: string; digest: string; size: number }[];
}

/** Puts one more layer on an image of a registry, as `FROM` and `COPY` do. Returns the digest of the new image. */
export async function deriveImage(
  registry: RegistryClient,
  { from, to, files, env = {}, entrypoint }: DeriveOptions,
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "cloud-walk-image-"));
  try {
    const manifest = JSON.parse(
      String((await registry.getManifest(from.repository, from.digest))?.bytes),
    ) as ImageManifest;
    for (const blob of [...manifest.layers, manifest.config]) {
      const file = join(folder, "blob");
      await registry.pullBlob(from.repository, blob, file);
      if (blob !== manifest.config) await registry.pushBlob(to, blob.digest, file);
    }
    const image = JSON.parse(await readFile(join(folder, "blob"), "utf8")) as ImageConfig;
    const layer = await layerOf(folder, files);
    await registry.pushBlob(to, digestOf(layer), layer);
    image.rootfs.diff_ids.push(digestOf(layer));
    image.history?.push({ created_by: "walk" });
    image.config.Env.push(...Object.entries(env).map(([name, value]) => `${name}=${value}`));
    if (entrypoint !== undefined) image.config.Entrypoint = entrypoint;
    const config = Buffer.from(JSON.stringify(image));
    await registry.pushBlob(to, digestOf(config), config);
    const { mediaType } = manifest.layers[0]!;
    const bytes = Buffer.from(
      JSON.stringify({
        ...manifest,
        config: { ...manifest.config, digest: digestOf(config), size: config.length },
        layers: [...manifest.layers, { mediaType, digest: digestOf(layer), size: layer.length }],
      }),
    );
    await registry.putManifest(to, "walk", bytes, MANIFEST_TYPE);
    return digestOf(bytes);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function layerOf(folder: string, files: Readonly<Record<string, string>>): Promise<Buffer> {
  const root = join(folder, "root");
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content, { mode: content.startsWith("#!") ? 0o755 : 0o644 });
  }
  const tar = join(folder, "layer.tar");
  await runCommand("tar", ["--create", "--owner=0", "--group=0", "--file", tar, "--directory", root, "."]);
  return readFile(tar);
}
