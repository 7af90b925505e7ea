import { z } from "zod";

/** Source of the stack's images. */
export const imagesSchema = z.strictObject({
  /** Path of the lock file with the digest of every image. */
  lockFile: z.string().min(1),
  /** How images of public registries reach a cloud's registry: it pulls them when they are first asked for, or `npm run mirror` copies them. */
  supply: z.enum(["pull-through", "copy"]).default("pull-through"),
  /** Builds and pushes the runtime image if there is a Docker daemon. Default: the stack uses the digest of the lock file. */
  build: z
    .strictObject({
      /** Base image with glibc, libstdc++ and libgomp. */
      base: z
        .string()
        .regex(
          /^[^\s@]+\/[^\s@]+@sha256:[0-9a-f]{64}$/,
          "must be HOST/REPOSITORY@sha256:…: an image by digest",
        ),
      /** Folder of the build context, which `npm run stage` fills. */
      context: z.string().min(1).default("dist/runtime-context"),
    })
    .optional(),
});
