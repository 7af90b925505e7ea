import { command } from "../command.ts";
import { text, toggle } from "../flag.ts";
import { FILE_FLAG, OPTIONAL_STACK_FLAG } from "../platform-flags.ts";

export const preview = command({
  about: "Shows the changes that up would make, the verdict of the policies, and the cost of the stack",
  flags: {
    stack: OPTIONAL_STACK_FLAG,
    all: toggle({ about: "every stack that has a file" }),
    base: text({
      about: "compare with a branch, tag or commit instead of the stack's state",
      placeholder: "REVISION",
      example: "main",
      pattern: /^[^-\s]\S*$/,
      rule: "must be a branch, a tag or a commit",
    }),
    json: toggle({ about: "print the document of pulumi preview --json" }),
    markdown: toggle({ about: "print a comment for a pull request" }),
    out: text({ ...FILE_FLAG, about: "write to this file", example: "preview.md" }),
    summary: text({ ...FILE_FLAG, about: "append the whole report in Markdown to this file" }),
    offline: toggle({ about: "do not use the pulumi CLI" }),
    refresh: toggle({
      about: "do not compare the stack with its cluster: compare with the state alone",
      default: true,
    }),
    unchanged: toggle({ about: "expect that up would change nothing" }),
  },
  examples: ["npm run preview -- --stack prod", "npm run preview -- --base main --markdown"],
  exitCodes: {
    1: "a stack cannot be planned",
    3: "only a policy refuses the plan",
    4: "up would change something, with --unchanged",
    130: "interrupted: nothing was changed",
  },
  run: async (flags) => (await import("../run/preview.ts")).preview(flags),
});
