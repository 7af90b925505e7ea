import { command } from "../command.ts";
import { text } from "../flag.ts";
import { MODEL_FLAG, PLATFORM_FLAGS } from "../platform-flags.ts";

export const promote = command({
  about: "Promotes the newest version of a model: staging, validation, production",
  flags: {
    ...PLATFORM_FLAGS,
    model: text({ ...MODEL_FLAG, about: "model to promote", required: true }),
  },
  examples: ["npm run promote -- --model pushback"],
  exitCodes: { 1: "the model is not promoted: production stays as it was" },
  run: async (flags) => (await import("../run/promote.ts")).promote(flags),
});
