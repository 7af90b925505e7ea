import { cp, mkdtemp, readFile, rm, stat, symlink } from "node:fs/promises";
import { rmSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCommand } from "../../local/run-command.ts";
import { WrongRequest } from "../../operations/wrong-request.ts";

export interface Worktree {
  /** Folder of the checkout. */
  path: string;
  /** Full hash of its commit. */
  commit: string;
}

/** Files that programs need and git ignores: the base uses those of the checkout. */
const IGNORED = ["images.dev.lock.json"];

/**
 * Checks a commit out into a temporary worktree with npm packages, and removes the worktree when `work` ends, even by an error
 * or an interrupt. Links the packages of `root` if both lock files are the same, and installs packages otherwise. Throws a
 * WrongRequest where there is no such commit.
 */
export async function withWorktree<T>(
  root: string,
  revision: string,
  work: (worktree: Worktree) => Promise<T>,
): Promise<T> {
  const commit = await resolveCommit(root, revision);
  const path = await mkdtemp(join(tmpdir(), "slipway-base-"));
  const removeNow = (): void => {
    rmSync(path, { recursive: true, force: true });
    spawnSync("git", ["worktree", "prune"], { cwd: root });
  };
  process.once("exit", removeNow); // an interrupted preview may end before its work does
  try {
    await runCommand("git", ["worktree", "add", "--detach", "--force", path, commit], { cwd: root });
    await givePackages(root, path);
    for (const file of IGNORED) await cp(join(root, file), join(path, file)).catch(ignoreMissing);
    return await work({ path, commit });
  } finally {
    process.off("exit", removeNow);
    await runCommand("git", ["worktree", "remove", "--force", path], { cwd: root }).catch(() => undefined);
    await rm(path, { recursive: true, force: true });
    await runCommand("git", ["worktree", "prune"], { cwd: root });
  }
}

/** Returns the commit that a branch started from: its merge base with the named commit. */
async function resolveCommit(root: string, revision: string): Promise<string> {
  const name = async (candidate: string): Promise<string | undefined> =>
    runCommand("git", ["rev-parse", "--verify", "--quiet", "--end-of-options", `${candidate}^{commit}`], {
      cwd: root,
    }).then(
      (text) => text.trim(),
      () => undefined,
    );
  const commit = (await name(revision)) ?? (await name(`origin/${revision}`));
  if (commit === undefined)
    throw new WrongRequest(
      `--base ${revision}: must name a commit of this repository; in a shallow clone, fetch it first: git fetch origin ${revision}`,
    );
  const mergeBase = await runCommand("git", ["merge-base", commit, "HEAD"], { cwd: root }).then(
    (text) => text.trim(),
    () => commit, // a shallow clone does not have the merge base
  );
  return mergeBase === "" ? commit : mergeBase;
}

async function givePackages(root: string, path: string): Promise<void> {
  const lock = "package-lock.json";
  const [ours, theirs] = await Promise.all(
    [root, path].map((folder) => readFile(join(folder, lock), "utf8")),
  );
  if (ours !== theirs) {
    await runCommand("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], {
      cwd: path,
    });
    return;
  }
  for (const folder of ["node_modules", join("runtime", "node_modules")])
    if (await isFolder(join(root, folder)))
      await symlink(join(root, folder), join(path, folder)).catch(ignoreMissing);
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

function ignoreMissing(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
}
