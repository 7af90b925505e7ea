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
  },
  examples: ["npm run stage", "npm run stage -- --out context"],
  run: async (flags) => (await import("../run/stage.ts")).stage(flags),
});
