import { command } from "../command.ts";
import { text, wholeNumber } from "../flag.ts";
import { MODEL_FLAG, WORKLOAD_FLAG } from "../platform-flags.ts";

export const tryCommand = command({
  about:
    "Tries a workload on this machine: reads its data, trains a small model, scores it; needs no cluster and leaves nothing",
  flags: {
    name: text({ ...WORKLOAD_FLAG, about: "workload to try", required: true }),
    model: text({ ...MODEL_FLAG, about: "try this model alone" }),
    rows: wholeNumber({ about: "rows to train and to test with, at most", min: 100, default: 20_000 }),
  },
  positional: "name",
  examples: ["npm run try -- loans", "npm run try -- flight-delays --model pushback --rows 50000"],
  exitCodes: {
    1: "it failed for another reason than the workload",
    2: "the workload, its SQL or its data breaks a rule: the message says which",
  },
  run: async (flags) => (await import("../run/try.ts")).tryCommand(flags),
});
