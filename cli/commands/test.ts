import { command } from "../command.ts";
import { toggle } from "../flag.ts";

export const test = command({
  about: "Checks format, types and lint, and runs every test",
  flags: { unit: toggle({ about: "run the unit tests alone, which start no other program" }) },
  examples: ["npm test", "npm run test:unit"],
  run: async (flags) => (await import("../run/test.ts")).test(flags),
});
