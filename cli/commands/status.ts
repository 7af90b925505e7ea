import { command } from "../command.ts";
import { toggle } from "../flag.ts";
import { PLATFORM_FLAGS } from "../platform-flags.ts";

export const status = command({
  about: "Shows the cluster, the models, the services, drift and alerts as they are now",
  flags: { ...PLATFORM_FLAGS, json: toggle({ about: "print JSON for tools" }) },
  examples: ["npm run status", "npm run --silent status -- --json"],
  exitCodes: { 1: "there is a problem, such as a cluster that is not ready: see the lines under PROBLEM" },
  run: async (flags) => (await import("../run/status.ts")).status(flags),
});
