import { command } from "../command.ts";
import { text, wholeNumber } from "../flag.ts";
import { MODEL_FLAG, PLATFORM_FLAGS } from "../platform-flags.ts";

export const replay = command({
  about: "Sends real rows through the services of an environment, and measures their drift",
  flags: {
    ...PLATFORM_FLAGS,
    environment: text({
      about: "environment whose services get the rows",
      placeholder: "NAME",
      default: "production",
    }),
    model: text({ ...MODEL_FLAG, about: "only services of this model" }),
    month: wholeNumber({
      about: "rows of this month; without it the newest rows that no training has seen",
      min: 1,
      max: 12,
      example: "12",
    }),
    rows: wholeNumber({ about: "rows at most", min: 1, default: 2000 }),
  },
  examples: ["npm run replay", "npm run replay -- --model pushback --month 12 --rows 5000"],
  run: async (flags) => (await import("../run/replay.ts")).replay(flags),
});
