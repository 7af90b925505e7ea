import { command } from "../command.ts";
import { STACK_FLAG } from "../platform-flags.ts";

export const patch = command({
  about:
    "Writes the newest releases of the node images of EKS into the stack's file; up moves the nodes to them",
  flags: { stack: STACK_FLAG },
  examples: ["npm run patch -- --stack prod-foundation"],
  run: async (flags) => (await import("../run/patch.ts")).patch(flags),
});
