import { command } from "../command.ts";
import { day, text, wholeNumber } from "../flag.ts";
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
    from: day({
      about: "rows from this UTC day on; without a day the newest rows that no training has seen",
      example: "2013-12-01",
    }),
    to: day({ about: "rows before this UTC day", example: "2014-01-01" }),
    rows: wholeNumber({ about: "rows at most", min: 1, default: 2000 }),
  },
  examples: ["npm run replay", "npm run replay -- --from 2013-12-01 --rows 5000"],
  run: async (flags) => (await import("../run/replay.ts")).replay(flags),
});
