import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeImagesLock } from "../../local/images/images-lock-file.ts";
import { planImages } from "../../local/images/plan-images.ts";
import type { Progress } from "../../local/progress.ts";

/** The images that an `up` of the local stack would deploy. */
export interface PlannedImages {
  /** Config over the stack's file that names a lock file with these images. Empty where their digests cannot be computed. */
  config: Readonly<Record<string, string>>;
  /** Sentences for the report. */
  warnings: string[];
}

/**
 * Runs `work` with the images that `npm run up` would build and deploy now, from the sources of this checkout. The lock file of
 * the stack stays as it is: the planned lock is a temporary file.
 */
export async function withPlannedImages<T>(
  progress: Progress,
  work: (images: PlannedImages) => Promise<T>,
  plan: typeof planImages = planImages,
): Promise<T> {
  const planned = await plan(progress).catch((error: unknown) =>
    error instanceof Error ? error : new Error(String(error)),
  );
  if (planned instanceof Error)
    return work({
      config: {},
      warnings: [
        `planned with the images of the last run, not with those of this checkout: ${planned.message}`,
      ],
    });
  const { lock, toBuild } = planned;
  const folder = await mkdtemp(join(tmpdir(), "slipway-images-"));
  try {
    const lockFile = join(folder, "images.lock.json");
    await writeImagesLock(lockFile, lock);
    const warnings =
      toBuild.length === 0
        ? []
        : [
            `up builds ${toBuild.join(", ")} first: the digest in this plan stands for an image that is not built yet`,
          ];
    return await work({ config: { "slipway:images": JSON.stringify({ lockFile }) }, warnings });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
