import { command } from "../command.ts";
import { toggle } from "../flag.ts";
import { STACK_FLAG } from "../platform-flags.ts";

export const doctor = command({
  about: "Asks a cloud account whether it has what the first up of a stack needs; changes nothing",
  flags: { stack: STACK_FLAG, json: toggle({ about: "print JSON for tools" }) },
  examples: ["npm run doctor -- --stack prod", "npm run --silent doctor -- --stack prod --json"],
  exitCodes: { 1: "something is wrong: see the lines under FIX" },
  run: async (flags) => (await import("../run/doctor.ts")).doctor(flags),
});
