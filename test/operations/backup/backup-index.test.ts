import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readBackupIndex } from "../../../operations/backup/backup-index.ts";
import { INDEX_TYPE, MANIFEST_TYPE, type Descriptor } from "../../../runtime/artifacts/manifest.ts";

const MODELS = "flight-delays/pushback/model";
const descriptor = (digit: number): Descriptor => ({
  mediaType: MANIFEST_TYPE,
  digest: `sha256:${String(digit).repeat(64)}`,
  size: digit,
});

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "backup-index-"));
});
afterEach(() => rm(directory, { recursive: true }));

const names = async (): Promise<string[]> => {
  const { manifests } = JSON.parse(await readFile(join(directory, "index.json"), "utf8")) as {
    manifests: { annotations?: Record<string, string> }[];
  };
  return manifests.map(({ annotations }) => annotations?.["org.opencontainers.image.ref.name"] ?? "none");
};

describe("the index of a backup", () => {
  it("reads back what it wrote", async () => {
    const index = await readBackupIndex(directory);
    index.recordTag(MODELS, "champion", descriptor(1));
    index.recordManifest(MODELS, { ...descriptor(2), annotations: { purpose: "test" } });
    await index.write();
    expect((await readBackupIndex(directory)).entries()).toEqual([
      { repository: MODELS, tag: "champion", descriptor: descriptor(1) },
      { repository: MODELS, descriptor: { ...descriptor(2), annotations: { purpose: "test" } } },
    ]);
  });

  it("names an artifact by its digest only while no tag names it", async () => {
    const index = await readBackupIndex(directory);
    index.recordTag(MODELS, "champion", descriptor(1));
    index.recordTag(MODELS, "latest", descriptor(1));
    index.recordManifest(MODELS, descriptor(1));
    index.recordTag(MODELS, "latest", descriptor(2));
    await index.write();
    expect(await names()).toEqual([`${MODELS}:champion`, `${MODELS}:latest`]);
    index.recordTag(MODELS, "champion", descriptor(2));
    await index.write();
    expect(await names()).toEqual([
      `${MODELS}:champion`,
      `${MODELS}:latest`,
      `${MODELS}@${descriptor(1).digest}`,
    ]);
  });

  it("keeps entries that another tool wrote", async () => {
    const foreign = [
      descriptor(3),
      { ...descriptor(4), annotations: { "org.opencontainers.image.ref.name": "v1" } },
    ];
    const text = JSON.stringify({ schemaVersion: 2, mediaType: INDEX_TYPE, manifests: foreign });
    await writeFile(join(directory, "index.json"), text);
    const index = await readBackupIndex(directory);
    index.recordTag(MODELS, "champion", descriptor(1));
    await index.write();
    expect(await names()).toEqual(["none", "v1", `${MODELS}:champion`]);
    expect(index.entries()).toHaveLength(1);
  });

  it.each(["", "{", '{"schemaVersion":1}'])("refuses an index.json of the form %j", async (text) => {
    await writeFile(join(directory, "index.json"), text);
    await expect(readBackupIndex(directory)).rejects.toThrow(
      `${join(directory, "index.json")}: must be an OCI image index`,
    );
  });
});
