import { command } from "../command.ts";

export const check = command({
  about: "Checks format, types and lint",
  flags: {},
  examples: ["npm run check"],
  run: async () => (await import("../run/check.ts")).check(),
});
