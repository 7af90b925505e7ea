import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { digestSchema } from "../../runtime/contract/artifact-reference.ts";
import { hashFile } from "./content-key.ts";

const KEPT_PER_NAME = 3;
const YOUNG_MS = 3_600_000;
const blobSchema = z.object({ digest: digestSchema, size: z.int().positive() });
const recordSchema = z.object({
  digest: digestSchema,
  /** Config and layers. */
  blobs: z.array(blobSchema),
  source: z.string(),
});

/** An image that was built on this machine. Its manifest is a blob too. */
export type StoredImage = z.infer<typeof recordSchema>;

const manifestSchema = z.object({ config: blobSchema, layers: z.array(blobSchema) });

/** Keeps built images by name and content key, so that they need not be built again. Images share blobs. */
export interface ImageStore {
  /** Returns the image; undefined unless every blob exists with its size. */
  find(name: string, key: string): Promise<StoredImage | undefined>;
  /** Moves the blobs from a folder that buildah exported, and removes that folder and older images of the name. */
  add(name: string, key: string, exported: string, source: string): Promise<StoredImage>;
  /** Returns the path of a blob's file. */
  blob(digest: string): string;
}

export function imageStore(folder: string): ImageStore {
  const records = join(folder, "records");
  const blobs = join(folder, "blobs");
  const blob = (digest: string): string => join(blobs, digest.replace(/^sha256:/, ""));
  const recordPath = (name: string, key: string): string => join(records, `${name}@${key}.json`);

  const load = async (path: string): Promise<StoredImage | undefined> => {
    const text = await readFile(path, "utf8").catch(() => undefined);
    if (text === undefined) return undefined;
    const record = recordSchema.parse(JSON.parse(text));
    for (const { digest, size } of record.blobs) {
      const found = await stat(blob(digest)).catch(() => undefined);
      if (found?.size !== size) return undefined;
    }
    const manifest = await stat(blob(record.digest)).catch(() => undefined);
    return manifest === undefined ? undefined : record;
  };

  return {
    blob,
    find: (name, key) => load(recordPath(name, key)),
    async add(name, key, exported, source) {
      await mkdir(records, { recursive: true });
      await mkdir(blobs, { recursive: true });
      const manifestPath = join(exported, "manifest.json");
      const manifest = manifestSchema.parse(JSON.parse(await readFile(manifestPath, "utf8")));
      const parts = [manifest.config, ...manifest.layers].map(({ digest, size }) => ({ digest, size }));
      for (const { digest } of parts) {
        const from = join(exported, digest.replace(/^sha256:/, ""));
        if ((await stat(from).catch(() => undefined)) !== undefined) await rename(from, blob(digest));
      }
      const digest = `sha256:${await hashFile(manifestPath)}`;
      await rename(manifestPath, blob(digest));
      await rm(exported, { recursive: true });
      const record: StoredImage = { digest, blobs: parts, source };
      await writeFile(`${recordPath(name, key)}.partial`, JSON.stringify(record));
      await rename(`${recordPath(name, key)}.partial`, recordPath(name, key));
      await forgetOld(records, name);
      await sweep(records, blobs);
      return record;
    },
  };
}

/** Returns the size of an image's config and layers in bytes. */
export function sizeBytes(image: StoredImage): number {
  return image.blobs.reduce((sum, { size }) => sum + size, 0);
}

async function forgetOld(records: string, name: string): Promise<void> {
  const names = (await readdir(records)).filter((file) => file.startsWith(`${name}@`));
  const dated = await Promise.all(
    names.map(async (file) => ({ file, time: (await stat(join(records, file))).mtimeMs })),
  );
  const old = dated.sort((a, b) => b.time - a.time).slice(KEPT_PER_NAME);
  for (const { file } of old) await rm(join(records, file), { force: true });
}

/** Removes the blobs that no record names. New ones stay: another run may be about to record them. */
async function sweep(records: string, blobs: string): Promise<void> {
  const named = new Set<string>();
  for (const file of await readdir(records)) {
    if (!file.endsWith(".json")) continue;
    const record = recordSchema.parse(JSON.parse(await readFile(join(records, file), "utf8")));
    for (const { digest } of [record, ...record.blobs]) named.add(digest.replace(/^sha256:/, ""));
  }
  for (const file of await readdir(blobs)) {
    if (named.has(file)) continue;
    const found = await stat(join(blobs, file)).catch(() => undefined);
    if (found !== undefined && Date.now() - found.mtimeMs > YOUNG_MS)
      await rm(join(blobs, file), { force: true });
  }
}
