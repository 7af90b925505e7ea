import { command } from "../command.ts";
import { text, toggle } from "../flag.ts";
import { FOLDER_FLAG, PLATFORM_FLAGS } from "../platform-flags.ts";

export const restore = command({
  about: "Verifies a backup and pushes what the registry of a stack does not have, then sets the tags",
  flags: {
    ...PLATFORM_FLAGS,
    from: text({ ...FOLDER_FLAG, about: "folder of the backup", required: true }),
    "moved-tags": text({
      about:
        "tags that name another artifact in the registry by now: keep them, or overwrite them with those of the backup; without it such a restore is refused",
      placeholder: "keep|overwrite",
      example: "keep",
      pattern: /^(keep|overwrite)$/,
      rule: "must be keep or overwrite",
    }),
    "dry-run": toggle({ about: "verify the backup and show what would change, and change nothing" }),
  },
  examples: [
    "npm run restore -- --from /backup/dev --dry-run",
    "npm run restore -- --stack prod --from /backup/prod --moved-tags keep",
  ],
  exitCodes: { 1: "an artifact of the backup is damaged; the others are restored" },
  run: async (flags) => (await import("../run/restore.ts")).restore(flags),
});
