import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { withPlannedImages, type PlannedImages } from "../../../cli/preview/planned-images.ts";
import { parseImagesLock } from "../../../components/platform/registry/images-lock.ts";
import { planImages } from "../../../local/images/plan-images.ts";
import { silentProgress } from "../../../local/progress.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "slipway-planned-"));
  vi.stubEnv("SLIPWAY_CACHE", join(folder, "cache"));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

const lockFileOf = ({ config }: PlannedImages): string =>
  (JSON.parse(config["slipway:images"] ?? "{}") as { lockFile: string }).lockFile;

describe("withPlannedImages", () => {
  it("names a lock file with the images that up would build from this checkout, as long as the work runs", async () => {
    const lockFile = join(folder, "images.dev.lock.json");
    let used = "";
    await withPlannedImages(
      silentProgress,
      async (images) => {
        used = lockFileOf(images);
        const { runtime } = parseImagesLock(await readFile(used, "utf8"), used).images;
        expect(runtime?.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
        expect(images.warnings).toEqual([
          "up builds runtime first: the digest in this plan stands for an image that is not built yet",
        ]);
      },
      (progress) => planImages(progress, { only: ["runtime"], lockFile }),
    );
    expect(existsSync(used)).toBe(false);
    expect(existsSync(lockFile)).toBe(false);
  });

  it("says nothing where every image is built, and takes the digests that the images have", async () => {
    const digest = `sha256:${"b".repeat(64)}`;
    const lock = {
      schemaVersion: 1 as const,
      images: { redis: { repository: "slipway/redis", digest, source: "x" } },
    };
    const images = await withPlannedImages(
      silentProgress,
      async (planned) => ({ ...planned, text: await readFile(lockFileOf(planned), "utf8") }),
      () => Promise.resolve({ lock, toBuild: [] }),
    );
    expect(images.warnings).toEqual([]);
    expect(images.text).toContain(digest);
  });

  it("plans with the lock file of the stack on a machine that cannot build images, and says so", async () => {
    const images = await withPlannedImages(
      silentProgress,
      (planned) => Promise.resolve(planned),
      () => Promise.reject(new Error("images: must be built on linux-x64, this is darwin-arm64")),
    );
    expect(images).toEqual({
      config: {},
      warnings: [
        "planned with the images of the last run, not with those of this checkout: images: must be built on linux-x64, this is darwin-arm64",
      ],
    });
  });
});
