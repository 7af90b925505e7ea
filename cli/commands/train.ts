import { command } from "../command.ts";
import { text, toggle } from "../flag.ts";
import { MODEL_FLAG, PLATFORM_FLAGS } from "../platform-flags.ts";

export const train = command({
  about: "Trains the models of the stack's workloads again; promotes nothing",
  flags: {
    ...PLATFORM_FLAGS,
    model: text({ ...MODEL_FLAG, about: "train this model alone" }),
    again: toggle({ about: "run every step, even one with the inputs of an earlier run" }),
  },
  examples: ["npm run train", "npm run train -- --model pushback"],
  exitCodes: {
    1: "a training failed; a model that its gate refuses is no failure",
  },
  run: async (flags) => (await import("../run/train.ts")).train(flags),
});
