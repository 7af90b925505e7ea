import { command } from "../command.ts";
import { toggle } from "../flag.ts";
import { PLATFORM_FLAGS } from "../platform-flags.ts";

export const up = command({
  about:
    "Starts everything: cluster, images, platform, training, staging, validation, production; run it again to repair or resume",
  flags: {
    ...PLATFORM_FLAGS,
    refresh: toggle({
      about: "do not compare the stack with its cluster: changes and deletions by hand stay",
      default: true,
    }),
    build: toggle({
      about:
        "build Kubernetes, etcd and CoreDNS from source, even where their finished programs can be downloaded",
    }),
  },
  examples: ["npm run up", "npm run up -- --context my-cluster --registry registry.example.com/team/ml"],
  run: async (flags) => (await import("../run/up.ts")).up(flags),
});
