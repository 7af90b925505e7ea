import { command } from "../command.ts";
import { toggle } from "../flag.ts";
import { PLATFORM_FLAGS } from "../platform-flags.ts";

export const down = command({
  about:
    "Removes the local platform from this machine, or the resources of the stack from a cluster of your own",
  flags: {
    ...PLATFORM_FLAGS,
    purge: toggle({ about: "remove the caches too: built tools, wheels, image layers" }),
  },
  examples: [
    "npm run down",
    "npm run down -- --purge",
    "npm run down -- --context my-cluster --registry registry.example.com/team/ml",
  ],
  run: async (flags) => (await import("../run/down.ts")).down(flags),
});
