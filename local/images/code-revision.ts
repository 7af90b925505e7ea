import { runCommand } from "../run-command.ts";

/** Paths of the sources of the runtime image. */
export const RUNTIME_SOURCES = ["runtime", "workloads", "package-lock.json"];

/**
 * Returns the commit that last changed `paths` of the checkout at `root`, with `-dirty` if they have uncommitted changes.
 * @default "unknown" where there is no git history
 */
export async function codeRevision(root: string, paths = RUNTIME_SOURCES): Promise<string> {
  // The checkout may belong to another user: nothing from its git configuration is run.
  const git = (...args: string[]): Promise<string> =>
    runCommand("git", ["-c", "safe.directory=*", "-C", root, ...args, "--", ...paths]);
  try {
    const commit = (await git("log", "-1", "--format=%H")).trim();
    if (commit === "") return "unknown";
    const changes = (await git("status", "--porcelain")).trim();
    return changes === "" ? commit : `${commit}-dirty`;
  } catch {
    return "unknown"; // no git, or an unpacked archive
  }
}
