import { lineProgress, type Progress } from "../../local/progress.ts";
import { ROOT } from "../../operations/root.ts";
import { runCommand } from "../../local/run-command.ts";

const CHECKS: readonly [title: string, program: string, args: string[]][] = [
  ["Format (prettier)", "node_modules/.bin/prettier", ["--check", "--log-level", "warn", "."]],
  ["Types (tsc)", "node_modules/.bin/tsc", ["--project", "."]],
  ["Lint (eslint)", "node_modules/.bin/eslint", ["--max-warnings", "0", "."]],
];

/** Checks format, types and lint. Throws at the first check that fails, with its output. */
export async function check(progress: Progress = lineProgress(), root = ROOT): Promise<void> {
  for (const [title, program, args] of CHECKS)
    await progress.step(title, () => runCommand(program, args, { cwd: root }).then(() => undefined));
}
