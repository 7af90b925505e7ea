import { command } from "../command.ts";
import { text, toggle } from "../flag.ts";
import { STACK_FLAG } from "../platform-flags.ts";

export const lock = command({
  about:
    "Asks public registries for the digests of images.sources.json, and writes them to the lock file of a stack",
  flags: {
    stack: STACK_FLAG,
    follow: toggle({ about: "ask also for tags that have a digest, and take what they point at now" }),
    platforms: toggle({
      about: "ask also for the platforms of pinned images, which pools with Arm machines need",
    }),
    runtime: text({
      about: "take the runtime image from here",
      placeholder: "IMAGE",
      example: "ghcr.io/acme/slipway/runtime:v1.0.0@sha256:…",
    }),
  },
  examples: ["npm run lock -- --stack prod"],
  exitCodes: { 1: "some images are not locked: the message names them" },
  run: async (flags) => (await import("../run/lock.ts")).lock(flags),
});
