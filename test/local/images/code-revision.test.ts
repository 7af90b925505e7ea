import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { codeRevision } from "../../../local/images/code-revision.ts";
import { runCommand } from "../../../local/run-command.ts";

describe("codeRevision", () => {
  let root: string;
  const git = (...args: string[]): Promise<string> =>
    runCommand("git", ["-C", root, "-c", "user.name=t", "-c", "user.email=t@example.com", ...args]);
  const commit = async (path: string): Promise<string> => {
    await writeFile(join(root, path), `${Math.random()}`);
    await git("add", path);
    await git("commit", "-qm", path);
    return (await git("rev-parse", "HEAD")).trim();
  };

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "code-revision-"));
    await mkdir(join(root, "runtime"));
  });
  afterEach(() => rm(root, { recursive: true }));

  it("is the commit that last changed the runtime, whatever came after it", async () => {
    await git("init", "-q");
    const changed = await commit("runtime/main.ts");
    const later = await commit("README.md");
    expect(later).not.toBe(changed);
    expect(await codeRevision(root)).toBe(changed);
  });

  it("says when the runtime has changed since, and only then", async () => {
    await git("init", "-q");
    const changed = await commit("runtime/main.ts");
    await writeFile(join(root, "notes"), "");
    expect(await codeRevision(root)).toBe(changed);
    await writeFile(join(root, "runtime/new.ts"), "");
    expect(await codeRevision(root)).toBe(`${changed}-dirty`);
  });

  it("is unknown outside of git and before the first commit", async () => {
    expect(await codeRevision(root)).toBe("unknown");
    await git("init", "-q");
    expect(await codeRevision(root)).toBe("unknown");
  });
});
