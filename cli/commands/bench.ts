import { command } from "../command.ts";

export const bench = command({
  about: "Runs every measurement in bench/",
  flags: {},
  examples: ["npm run bench"],
  run: async () => (await import("../run/bench.ts")).bench(),
});
