import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { silentProgress } from "../local/progress.ts";
import { goTool } from "../local/tools/go-tool.ts";

const root = resolve(import.meta.dirname, "..");
const folder = join(root, ".github", "workflows");

const stepSchema = z.looseObject({
  uses: z.string().optional(),
  run: z.string().optional(),
  with: z.record(z.string(), z.unknown()).optional(),
});
const permissionsSchema = z.record(z.string(), z.string());
const workflowSchema = z.looseObject({
  on: z.record(z.string(), z.unknown()),
  permissions: permissionsSchema,
  jobs: z.record(
    z.string(),
    z.looseObject({
      "timeout-minutes": z.int(),
      permissions: permissionsSchema.optional(),
      steps: z.array(stepSchema),
    }),
  ),
});
const files = readdirSync(folder).filter((name) => name.endsWith(".yml"));
const workflows = files.map((file) => {
  const text = readFileSync(join(folder, file), "utf8");
  return { file, text, ...workflowSchema.parse(parse(text)) };
});
const stepsOf = (workflow: (typeof workflows)[number]) =>
  Object.values(workflow.jobs).flatMap(({ steps }) => steps);

describe("actionlint", () => {
  let actionlint: string;
  beforeAll(async () => {
    actionlint = join((await goTool(silentProgress, "actionlint")).bin, "actionlint");
  }, 300_000);

  it("has nothing to say about the workflows", () => {
    const { stdout, status } = spawnSync(
      actionlint,
      ["-shellcheck=", "-pyflakes=", "-no-color", ...files.map((file) => join(folder, file))],
      { encoding: "utf8" },
    );
    expect({ stdout, status }).toEqual({ stdout: "", status: 0 });
  });

  it("sees a fault, so that its silence means something", async () => {
    const scratch = await mkdtemp(join(tmpdir(), "slipway-lint-"));
    try {
      const broken = join(scratch, "broken.yml");
      await writeFile(broken, workflows[0]?.text.replace("github.event", "github.nonsense") ?? "");
      expect(spawnSync(actionlint, ["-shellcheck=", "-pyflakes=", broken]).status).toBe(1);
    } finally {
      await rm(scratch, { recursive: true });
    }
  });
});

describe.each(workflows)("$file", (workflow) => {
  it("pins every action by its full commit, with the version beside it", () => {
    const uses = workflow.text.split("\n").filter((line) => line.includes("uses:"));
    expect(uses.length).toBeGreaterThan(0);
    for (const line of uses) expect(line).toMatch(/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it("may only read by default, and never runs a stranger's code with more", () => {
    expect(workflow.permissions).toEqual({ contents: "read" });
    expect(workflow.on).not.toHaveProperty("pull_request_target");
    const writes = Object.values(workflow.jobs).some(({ permissions = {} }) =>
      ["contents", "pull-requests"].some((scope) => permissions[scope] === "write"),
    );
    if (writes) expect(workflow.on).not.toHaveProperty("pull_request");
    if (workflow.on["workflow_run"] !== undefined)
      for (const { uses, with: inputs } of stepsOf(workflow))
        if (uses?.startsWith("actions/checkout@")) expect(inputs).not.toHaveProperty("ref"); // the default branch
  });

  it("puts nothing that others write into a shell's text", () => {
    for (const { run } of stepsOf(workflow)) expect(run ?? "").not.toContain("${{");
  });

  it("calls only scripts and commands that there are", () => {
    const { scripts } = z
      .object({ scripts: z.record(z.string(), z.string()) })
      .parse(JSON.parse(readFileSync(join(root, "package.json"), "utf8")));
    const text = stepsOf(workflow)
      .map(({ run = "" }) => run)
      .join("\n");
    for (const [, script = ""] of text.matchAll(/npm run (\S+)/g)) expect(scripts).toHaveProperty(script);
    for (const [, command = ""] of text.matchAll(/node cli\/bootstrap\.mjs (\S+)/g))
      expect(existsSync(join(root, "cli", "commands", `${command}.ts`))).toBe(true);
  });
});

describe("the commands of the workflows", () => {
  let checkout: string;
  const runStep = (
    file: string,
    matching: string,
    env: Record<string, string>,
  ): ReturnType<typeof spawnSync> => {
    const workflow = workflows.find((candidate) => candidate.file === file);
    const step = workflow && stepsOf(workflow).find(({ run = "" }) => run.includes(matching));
    if (step?.run === undefined) throw new Error(`${file} must have a step with ${matching}`);
    return spawnSync("bash", ["-eo", "pipefail", "-c", step.run], {
      cwd: checkout,
      encoding: "utf8",
      env: { ...process.env, ...env },
    });
  };

  beforeAll(async () => {
    checkout = await mkdtemp(join(tmpdir(), "slipway-checkout-"));
    const tracked = spawnSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
      cwd: root,
      encoding: "utf8",
    });
    for (const file of tracked.stdout
      .split("\n")
      .filter((name) => name !== "" && existsSync(join(root, name))))
      await cp(join(root, file), join(checkout, file));
    const git = (...args: string[]) =>
      spawnSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...args], { cwd: checkout });
    git("init", "--initial-branch=main");
    git("add", ".");
    git("commit", "-m", "base");
    // Links are no folders: git would not ignore them.
    for (const packages of ["node_modules", "runtime/node_modules"])
      if (existsSync(join(root, packages))) await symlink(join(root, packages), join(checkout, packages));
  }, 120_000);
  afterAll(() => rm(checkout, { recursive: true, force: true }));

  it("previews a pull request without credentials, for the comment and the summary", async () => {
    const summary = join(checkout, "summary.md");
    const { status, stderr } = runStep("preview.yml", '--base "$BASE"', {
      BASE: "HEAD",
      GITHUB_STEP_SUMMARY: summary,
    });
    expect([0, 3], String(stderr)).toContain(status);
    const comment = readFileSync(join(checkout, "preview.md"), "utf8");
    expect(comment).toContain("| **prod** |");
    expect(comment).toContain("Nothing changes.");
    expect(readFileSync(summary, "utf8")).toContain("| **prod** |");
  }, 600_000);

  it("changes a digest, and refuses what is none", () => {
    const env = { STACK: "prod", SERVICE: "production/pushback", DIGEST: `sha256:${"ab".repeat(32)}` };
    const { status, stdout } = runStep("promote.yml", "bootstrap.mjs pin", env);
    expect(status, String(stdout)).toBe(0);
    expect(readFileSync(join(checkout, "Pulumi.prod.yaml"), "utf8")).toContain(env.DIGEST);
    expect(runStep("promote.yml", "bootstrap.mjs pin", { ...env, DIGEST: "$(id)" }).status).toBe(2);
  });

  it("lists one stack or all, foundations apart from platforms", async () => {
    const output = join(checkout, "output");
    const list = async (env: Record<string, string>): Promise<string> => {
      await writeFile(output, "");
      expect(runStep("up.yml", "jq", { GITHUB_OUTPUT: output, ...env }).status).toBe(0);
      return readFileSync(output, "utf8").trim();
    };
    const ALL = JSON.stringify([
      "prod",
      "prod-foundation",
      "prod-gcp",
      "prod-gcp-foundation",
      "prod-azure-foundation",
    ]);
    expect(await list({ ONE: "", ALL })).toBe(
      'foundations=["prod-foundation","prod-gcp-foundation","prod-azure-foundation"]\nplatforms=["prod","prod-gcp"]',
    );
    expect(await list({ ONE: "dev", ALL: "" })).toBe('foundations=[]\nplatforms=["dev"]');
    expect(runStep("up.yml", "jq", { GITHUB_OUTPUT: output, ONE: "prd", ALL: "" }).status).not.toBe(0);
  });

  it("deploys platforms after foundations, in the same way, where the API server can be reached", () => {
    const up = workflows.find(({ file }) => file === "up.yml");
    const { foundations, platforms } = up?.jobs ?? {};
    expect(platforms?.steps).toEqual(foundations?.steps);
    expect(platforms?.["needs"]).toEqual(["stacks", "foundations"]);
    expect(foundations?.["runs-on"]).toBe("ubuntu-latest");
    expect(platforms?.["runs-on"]).toContain("vars.SLIPWAY_RUNNER");
  });

  it("plans a deployment with the CLI against the real resources, with the environment that deploys it", () => {
    const steps = workflows.find(({ file }) => file === "up.yml")?.jobs["platforms"]?.steps ?? [];
    const judge = steps.findIndex(({ run = "" }) => run.includes("npm run preview"));
    const deploy = steps.findIndex((step) => step.with?.["command"] === "up");
    expect(steps[judge]?.run).not.toMatch(/--offline|--no-refresh/);
    expect(steps[judge - 1]?.uses).toMatch(/^pulumi\/actions@/); // brings the CLI
    expect(judge).toBeLessThan(deploy);
    expect(steps[judge]?.["env"]).toEqual(steps[deploy]?.["env"]);
    expect(steps[deploy]?.with).toMatchObject({ refresh: true });
  });

  it("copies images before it plans a platform, and after its foundation has created the repositories", () => {
    const steps = workflows.find(({ file }) => file === "up.yml")?.jobs["platforms"]?.steps ?? [];
    const mirror = steps.findIndex(({ run = "" }) => run.includes("npm run mirror"));
    expect(mirror).toBeGreaterThan(steps.findLastIndex(({ uses = "" }) => uses.startsWith("azure/login@")));
    expect(mirror).toBeLessThan(steps.findIndex(({ run = "" }) => run.includes("npm run preview")));
    expect(steps[mirror]).toMatchObject({
      if: "github.job == 'platforms'",
      env: { STACK: "${{ matrix.stack }}" },
    });
  });

  let programs: string;
  /** Replaces a program by a line of shell. */
  const stub = (name: string, line: string): Promise<void> =>
    writeFile(join(programs, name), `#!/bin/sh\n${line}\n`, { mode: 0o755 });
  /** Runs a step with the replaced programs. */
  const runStubbed = (file: string, matching: string, env: Record<string, string>) =>
    runStep(file, matching, { PATH: `${programs}:${process.env["PATH"] ?? ""}`, ...env });
  beforeEach(async () => {
    programs = await mkdtemp(join(tmpdir(), "slipway-stubs-"));
  });
  afterEach(() => rm(programs, { recursive: true }));

  it("deploys the merged lock, also if mirror has written missing digests into it", async () => {
    await stub("npm", '[ "$2 $3 $4 $5" = "mirror -- --stack prod" ] && echo "{}" > images.prod.lock.json');
    const before = readFileSync(join(checkout, "images.prod.lock.json"), "utf8");
    expect(runStubbed("up.yml", "npm run mirror", { STACK: "prod" }).status).toBe(0);
    expect(readFileSync(join(checkout, "images.prod.lock.json"), "utf8")).toBe(before);
    await stub("npm", "exit 1");
    expect(runStubbed("up.yml", "npm run mirror", { STACK: "prod" }).status).toBe(1);
  });

  describe.each([
    ["weekly.yml", "lock --stack prod --follow"],
    ["release.yml", "lock --stack prod --runtime"],
  ])("%s", (file, lockCommand) => {
    const env = { TAG: "v1.0.0", IMAGE: "image", STACKS: '["broken", "prod"]' };
    const FAIL = 'if [ -s "$RUNNER_TEMP/missed.txt" ]; then cat';

    it("opens the pull request with what it has, names what is missing, and fails at the end", async () => {
      await stub(
        "node",
        'echo "$@" >> images.sources.json; case "$*" in *broken*|*lock*) echo "redis: no answer" >&2; exit 1;; esac',
      );
      await stub("git", 'case "$1" in diff) exit 1;; esac');
      await stub("gh", 'while [ "$1" != --body-file ]; do shift; done; cat "$2" > "$RUNNER_TEMP/opened.md"');
      const run = (matching: string) => runStubbed(file, matching, { ...env, RUNNER_TEMP: programs });
      expect(run(lockCommand).status).toBe(0);
      if (file === "weekly.yml") expect(run("patch --stack").status).toBe(0);
      const { status, stderr } = run("gh pr create");
      expect(status, String(stderr)).toBe(0);
      const body = readFileSync(join(programs, "opened.md"), "utf8");
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
      await stub("node", "exit 0");
      const run = (matching: string) => runStubbed(file, matching, { ...env, RUNNER_TEMP: programs });
      expect(run(lockCommand).status).toBe(0);
      expect(run(FAIL).status).toBe(0);
    });
  });

  describe("drift.yml", () => {
    const run = (matching: string, env: Record<string, string>) =>
      runStubbed("drift.yml", matching, { GITHUB_STEP_SUMMARY: join(checkout, "summary.md"), ...env });
    beforeEach(() => rm(join(checkout, "drift"), { recursive: true, force: true }));

    it("writes a file for each stack that it could plan, and fails at the end if one could not be planned", async () => {
      await stub(
        "npm",
        'case "$5" in same) exit 0;; changed) echo "1 to update" > report.md; exit 4;; *) exit 1;; esac',
      );
      const { status } = run("--unchanged", { STACKS: JSON.stringify(["broken", "same", "changed"]) });
      expect(status).toBe(1);
      expect(readdirSync(join(checkout, "drift")).sort()).toEqual(["changed.md", "same.md"]);
      expect(readFileSync(join(checkout, "drift/changed.md"), "utf8")).toBe("1 to update\n");
      expect(readFileSync(join(checkout, "drift/same.md"), "utf8")).toBe("");
      expect(run("--unchanged", { STACKS: JSON.stringify(["same", "changed"]) }).status).toBe(0);
    });

    it("opens an issue for a stack that differs, updates the open one, and closes that of a stack that is as it should be", async () => {
      const titled = (number: number, stack: string) => ({
        number,
        title: `Stack ${stack} differs from the main branch`,
      });
      const open = JSON.stringify([titled(7, "prod-gcp"), titled(8, "prod"), titled(9, "prod-azure")]);
      await stub("gh", `[ "$2" = list ] && echo '${open}' || echo "$2 $3 $4" >> calls`);
      await mkdir(join(checkout, "drift"));
      for (const [stack, report] of [
        ["new", "x"],
        ["prod", "x"],
        ["prod-gcp", ""],
        ["same", ""],
      ] as const)
        await writeFile(join(checkout, "drift", `${stack}.md`), report);
      expect(run("gh issue", {}).status).toBe(0);
      expect(readFileSync(join(checkout, "calls"), "utf8").trim().split("\n").sort()).toEqual([
        "close 7 --comment",
        "create --title Stack new differs from the main branch",
        "edit 8 --body-file",
      ]);
    });
  });

  it("passes the policy config that a stack has", async () => {
    const output = join(checkout, "output");
    for (const [STACK, expected] of [
      ["prod-foundation", "config=policy/config/prod-foundation.json\n"],
      ["dev", ""],
    ] as const) {
      await writeFile(output, "");
      expect(runStep("up.yml", "policy/config", { GITHUB_OUTPUT: output, STACK }).status).toBe(0);
      expect(readFileSync(output, "utf8")).toBe(expected);
    }
  });
});
