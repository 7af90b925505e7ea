import { readdirSync, readFileSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createCheckout, type WorkflowCheckout } from "./workflow-checkout.ts";

describe("pull requests and issues of the workflows", () => {
  let checkout: WorkflowCheckout;
  beforeAll(async () => {
    checkout = await createCheckout();
  }, 120_000);
  afterEach(() => checkout.clearStubs());
  afterAll(() => checkout.remove());

  describe.each([
    ["weekly.yml", "lock --stack prod --follow"],
    ["release.yml", "lock --stack prod --runtime"],
  ])("%s", (file, lockCommand) => {
    const env = { TAG: "v1.0.0", IMAGE: "image", STACKS: '["broken", "prod"]' };
    const FAIL = 'if [ -s "$RUNNER_TEMP/missed.txt" ]; then cat';

    it("opens the pull request with what it has, names what is missing, and fails at the end", async () => {
      await checkout.stub(
        "node",
        'echo "$@" >> images.sources.json; case "$*" in *broken*|*lock*) echo "redis: no answer" >&2; exit 1;; esac',
      );
      await checkout.stub("git", 'case "$1" in diff) exit 1;; esac');
      await checkout.stub(
        "gh",
        'while [ "$1" != --body-file ]; do shift; done; cat "$2" > "$RUNNER_TEMP/opened.md"',
      );
      const run = (matching: string) =>
        checkout.runStep(file, matching, { ...env, RUNNER_TEMP: checkout.stubs });
      expect(run(lockCommand).status).toBe(0);
      if (file === "weekly.yml") expect(run("patch --stack").status).toBe(0);
      const { status, stderr } = run("gh pr create");
      expect(status, String(stderr)).toBe(0);
      const body = readFileSync(join(checkout.stubs, "opened.md"), "utf8");
      expect(body).toContain("    lock:\n    redis: no answer\n");
      if (file === "weekly.yml") {
        expect(body).toContain("    patch --stack broken:\n    redis: no answer\n");
        expect(body).not.toContain("patch --stack prod");
      }
      const end = run(FAIL);
      expect(end.status).toBe(1);
      expect(end.stdout).toContain("redis: no answer");
    });

    it("ends well if nothing is missing", async () => {
      await checkout.stub("node", "exit 0");
      const run = (matching: string) =>
        checkout.runStep(file, matching, { ...env, RUNNER_TEMP: checkout.stubs });
      expect(run(lockCommand).status).toBe(0);
      expect(run(FAIL).status).toBe(0);
    });
  });

  describe("drift.yml", () => {
    const run = (matching: string, env: Record<string, string>) =>
      checkout.runStep("drift.yml", matching, {
        GITHUB_STEP_SUMMARY: join(checkout.folder, "summary.md"),
        ...env,
      });
    beforeEach(() => rm(join(checkout.folder, "drift"), { recursive: true, force: true }));

    it("writes a file for each stack that it could plan, and fails at the end if one could not be planned", async () => {
      await checkout.stub(
        "npm",
        'case "$5" in same) exit 0;; changed) echo "1 to update" > report.md; exit 4;; *) exit 1;; esac',
      );
      const { status } = run("--unchanged", { STACKS: JSON.stringify(["broken", "same", "changed"]) });
      expect(status).toBe(1);
      expect(readdirSync(join(checkout.folder, "drift")).sort()).toEqual(["changed.md", "same.md"]);
      expect(readFileSync(join(checkout.folder, "drift/changed.md"), "utf8")).toBe("1 to update\n");
      expect(readFileSync(join(checkout.folder, "drift/same.md"), "utf8")).toBe("");
      expect(run("--unchanged", { STACKS: JSON.stringify(["same", "changed"]) }).status).toBe(0);
    });

    it("opens an issue for a stack that differs, updates the open one, and closes that of a stack that is as it should be", async () => {
      const titled = (number: number, stack: string) => ({
        number,
        title: `Stack ${stack} differs from the main branch`,
      });
      const open = JSON.stringify([titled(7, "prod-gcp"), titled(8, "prod"), titled(9, "prod-azure")]);
      await checkout.stub("gh", `[ "$2" = list ] && echo '${open}' || echo "$2 $3 $4" >> calls`);
      await mkdir(join(checkout.folder, "drift"));
      for (const [stack, report] of [
        ["new", "x"],
        ["prod", "x"],
        ["prod-gcp", ""],
        ["same", ""],
      ] as const)
        await writeFile(join(checkout.folder, "drift", `${stack}.md`), report);
      expect(run("gh issue", {}).status).toBe(0);
      expect(readFileSync(join(checkout.folder, "calls"), "utf8").trim().split("\n").sort()).toEqual([
        "close 7 --comment",
        "create --title Stack new differs from the main branch",
        "edit 8 --body-file",
      ]);
    });
  });
});
