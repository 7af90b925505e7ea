import { command } from "../command.ts";
import { toggle } from "../flag.ts";

export const test = command({
  about: "Checks format, types and lint, and runs every test",
  flags: {
    unit: toggle({ about: "run the unit tests alone, which start no other program" }),
    conformance: toggle({
      about:
        "compare the offline engine with the real pulumi CLI alone; the first run builds the CLI in half an hour",
    }),
  },
  examples: ["npm test", "npm run test:unit", "npm run test:conformance"],
  run: async (flags) => (await import("../run/test.ts")).test(flags),
});
