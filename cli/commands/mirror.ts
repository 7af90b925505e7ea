import { command } from "../command.ts";
import { STACK_FLAG } from "../platform-flags.ts";

export const mirror = command({
  about: "Copies the images into the registry of a stack that it cannot pull from public registries itself",
  flags: { stack: STACK_FLAG },
  examples: ["npm run mirror -- --stack prod"],
  run: async (flags) => (await import("../run/mirror.ts")).mirror(flags),
});
