import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root, stepsOf, workflowIn } from "./workflows.ts";

/** A copy of the project in which steps of workflows run, with stubs instead of some programs. */
export interface WorkflowCheckout {
  folder: string;
  /** Folder of the stubs. */
  stubs: string;
  /** Replaces a program by a line of shell. */
  stub(program: string, line: string): Promise<void>;
  /** Removes all that is in the folder of the stubs. */
  clearStubs(): Promise<void>;
  /** Runs the step of a workflow whose command contains `matching`. */
  runStep(file: string, matching: string, env: Record<string, string>): ReturnType<typeof spawnSync>;
  remove(): Promise<void>;
}

/** Copies the project into a temporary folder, and commits it there. */
export async function createCheckout(): Promise<WorkflowCheckout> {
  const folder = await mkdtemp(join(tmpdir(), "slipway-checkout-"));
  const stubs = await mkdtemp(join(tmpdir(), "slipway-stubs-"));
  const tracked = spawnSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
  });
  for (const file of tracked.stdout.split("\n").filter((name) => name !== "" && existsSync(join(root, name))))
    await cp(join(root, file), join(folder, file));
  const git = (...args: string[]): unknown =>
    spawnSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...args], { cwd: folder });
  git("init", "--initial-branch=main");
  git("add", ".");
  git("commit", "-m", "base");
  // Links are no folders: git would not ignore them.
  for (const packages of ["node_modules", "runtime/node_modules"])
    if (existsSync(join(root, packages))) await symlink(join(root, packages), join(folder, packages));
  return {
    folder,
    stubs,
    stub: (program, line) => writeFile(join(stubs, program), `#!/bin/sh\n${line}\n`, { mode: 0o755 }),
    async clearStubs() {
      await rm(stubs, { recursive: true });
      await mkdir(stubs);
    },
    runStep(file, matching, env) {
      const step = stepsOf(workflowIn(file)).find(({ run = "" }) => run.includes(matching));
      if (step?.run === undefined) throw new Error(`${file} must have a step with ${matching}`);
      return spawnSync("bash", ["-eo", "pipefail", "-c", step.run], {
        cwd: folder,
        encoding: "utf8",
        env: { ...process.env, PATH: `${stubs}:${process.env["PATH"] ?? ""}`, ...env },
      });
    },
    async remove() {
      for (const temporary of [folder, stubs]) await rm(temporary, { recursive: true, force: true });
    },
  };
}
