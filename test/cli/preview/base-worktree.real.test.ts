import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { withWorktree } from "../../../cli/preview/base-worktree.ts";
import { runCommand } from "../../../local/run-command.ts";

let root: string;
const git = (...args: string[]): Promise<string> =>
  runCommand("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...args], { cwd: root });

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "slipway-repo-"));
  await git("init", "--initial-branch=main");
  await writeFile(join(root, "package-lock.json"), "{}");
  await writeFile(join(root, "program.ts"), "base");
  await writeFile(join(root, ".gitignore"), "node_modules\nimages.dev.lock.json\n");
  await git("add", ".");
  await git("commit", "-m", "base");
  await git("switch", "-c", "branch");
  await writeFile(join(root, "program.ts"), "branch");
  await git("commit", "-am", "branch");
  await git("switch", "main");
  await writeFile(join(root, "later.ts"), "main went on");
  await git("add", ".");
  await git("commit", "-m", "later");
  await git("switch", "branch");
  await mkdir(join(root, "node_modules", "some-package"), { recursive: true });
  await writeFile(join(root, "images.dev.lock.json"), "{}");
});
afterEach(() => rm(root, { recursive: true, force: true }));

it("has what the branch started from, with the packages and the ignored files of the checkout", async () => {
  let path = "";
  await withWorktree(root, "main", async (worktree) => {
    path = worktree.path;
    expect(await readFile(join(path, "program.ts"), "utf8")).toBe("base");
    expect(existsSync(join(path, "later.ts"))).toBe(false); // not the branch's change
    expect(existsSync(join(path, "node_modules", "some-package"))).toBe(true);
    expect(existsSync(join(path, "images.dev.lock.json"))).toBe(true);
  });
  expect(existsSync(path)).toBe(false);
  expect(existsSync(join(root, "node_modules", "some-package"))).toBe(true); // the link went, not what it led to
  expect((await git("worktree", "list")).trim().split("\n")).toHaveLength(1);
});

it("takes the worktree away where the work fails", async () => {
  let path = "";
  const work = withWorktree(root, "main", async (worktree) => {
    path = worktree.path;
    throw new Error("broken");
  });
  await expect(work).rejects.toThrow("broken");
  expect(existsSync(path)).toBe(false);
  expect((await git("worktree", "list")).trim().split("\n")).toHaveLength(1);
});

it("refuses a revision that is not there, and says how to get it", async () => {
  await expect(withWorktree(root, "nonsense", async () => undefined)).rejects.toThrow(
    "--base nonsense: must name a commit of this repository; in a shallow clone, fetch it first: git fetch origin nonsense",
  );
});
