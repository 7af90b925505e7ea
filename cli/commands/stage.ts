import { command } from "../command.ts";
import { text } from "../flag.ts";

export const stage = command({
  about: "Writes the Docker build context of the runtime image, for a stack that builds the image itself",
  flags: {
    out: text({
      about: "new or empty folder; without it dist/runtime-context",
      placeholder: "FOLDER",
      example: "context",
    }),
    arch: text({
      about: "processor of the image: x64 or arm64",
      placeholder: "NAME",
      pattern: /^(x64|arm64)$/,
      rule: "must be x64 or arm64",
      default: "x64",
    }),
  },
  examples: ["npm run stage", "npm run stage -- --out context --arch arm64"],
  run: async (flags) => (await import("../run/stage.ts")).stage(flags),
});
