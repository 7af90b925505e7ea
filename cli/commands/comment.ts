import { command } from "../command.ts";
import { text } from "../flag.ts";
import { FILE_FLAG } from "../platform-flags.ts";

export const comment = command({
  about: "Posts a preview as a comment on the pull request of a GitHub workflow",
  flags: {
    file: text({ ...FILE_FLAG, about: "text of the comment", example: "preview.md", required: true }),
  },
  examples: ["npm run comment -- --file preview.md"],
  run: async (flags) => (await import("../run/comment.ts")).comment(flags),
});
