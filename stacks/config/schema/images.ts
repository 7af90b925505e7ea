import { z } from "zod";

/** Where the stack's images are from. */
export const imagesSchema = z.strictObject({
  /** Every image, by digest. */
  lockFile: z.string().min(1),
  /** Builds the runtime image and pushes it, where there is a Docker daemon. Default: the lock file's digest is used. */
  build: z
    .strictObject({
      /** Image with glibc, libstdc++ and libgomp that it stands on. */
      base: z
        .string()
        .regex(
          /^[^\s@]+\/[^\s@]+@sha256:[0-9a-f]{64}$/,
          "must be HOST/REPOSITORY@sha256:…: an image by digest",
        ),
      /** Folder that `npm run stage` has filled. */
      context: z.string().min(1).default("dist/runtime-context"),
    })
    .optional(),
});
