import { command } from "../command.ts";
import { text } from "../flag.ts";
import { FOLDER_FLAG, PLATFORM_FLAGS } from "../platform-flags.ts";

export const backup = command({
  about:
    "Copies data sets, models and their records, with their tags, from the registry of a stack to a folder",
  flags: {
    ...PLATFORM_FLAGS,
    to: text({
      ...FOLDER_FLAG,
      about: "folder of the backup; one that is there is continued",
      required: true,
    }),
  },
  examples: ["npm run backup -- --to /backup/dev", "npm run backup -- --stack prod --to /backup/prod"],
  exitCodes: { 1: "an artifact could not be saved; the others are" },
  run: async (flags) => (await import("../run/backup.ts")).backup(flags),
});
