import { command } from "../command.ts";
import { text, toggle } from "../flag.ts";
import { PLATFORM_FLAGS } from "../platform-flags.ts";

export const models = command({
  about: "Lists the model versions in the registry; removes those that nobody uses",
  flags: {
    ...PLATFORM_FLAGS,
    json: toggle({ about: "print JSON for tools" }),
    remove: text({
      about: "remove this version, with what it alone was made from",
      placeholder: "NAME@DIGEST",
      example: "pushback@c57da2235485",
      pattern: /^[a-z0-9-]+(\/[a-z0-9-]+)?@(sha256:)?[0-9a-f]{6,64}$/,
      rule: "must be NAME@DIGEST with at least 6 hexadecimal digits, such as pushback@c57da2235485",
    }),
    prune: toggle({ about: "remove every version that nobody uses, with its data" }),
    yes: toggle({ about: "remove it; without this flag the command only shows what it would remove" }),
  },
  examples: [
    "npm run models",
    "npm run models -- --prune",
    "npm run models -- --remove pushback@c57da2235485 --yes",
  ],
  exitCodes: {
    1: "the registry does not answer, or does not delete; what was removed by then stays removed",
    2: "a wrong flag, or a version that is in use: nothing was removed",
  },
  run: async (flags) => (await import("../run/models.ts")).models(flags),
});
