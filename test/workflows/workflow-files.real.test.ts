import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { silentProgress } from "../../local/progress.ts";
import { goTool } from "../../local/tools/go-tool.ts";
import { files, folder, root, stepsOf, workflowIn, workflows } from "./workflows.ts";

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

describe("up.yml", () => {
  const up = workflowIn("up.yml");

  it("deploys platforms after foundations, in the same way, where the API server can be reached", () => {
    const { foundations, platforms } = up.jobs;
    expect(platforms?.steps).toEqual(foundations?.steps);
    expect(platforms?.["needs"]).toEqual(["stacks", "foundations"]);
    expect(foundations?.["runs-on"]).toBe("ubuntu-latest");
    expect(platforms?.["runs-on"]).toContain("vars.SLIPWAY_RUNNER");
  });

  it("plans a deployment with the CLI against the real resources, with the environment that deploys it", () => {
    const steps = up.jobs["platforms"]?.steps ?? [];
    const judge = steps.findIndex(({ run = "" }) => run.includes("npm run preview"));
    const deploy = steps.findIndex((step) => step.with?.["command"] === "up");
    expect(steps[judge]?.run).not.toMatch(/--offline|--no-refresh/);
    expect(steps[judge - 1]?.uses).toMatch(/^pulumi\/actions@/); // brings the CLI
    expect(judge).toBeLessThan(deploy);
    expect(steps[judge]?.["env"]).toEqual(steps[deploy]?.["env"]);
    expect(steps[deploy]?.with).toMatchObject({ refresh: true });
  });

  it("copies images before it plans a platform, and after its foundation has created the repositories", () => {
    const steps = up.jobs["platforms"]?.steps ?? [];
    const mirror = steps.findIndex(({ run = "" }) => run.includes("npm run mirror"));
    expect(mirror).toBeGreaterThan(steps.findLastIndex(({ uses = "" }) => uses.startsWith("azure/login@")));
    expect(mirror).toBeLessThan(steps.findIndex(({ run = "" }) => run.includes("npm run preview")));
    expect(steps[mirror]).toMatchObject({
      if: "github.job == 'platforms'",
      env: { STACK: "${{ matrix.stack }}" },
    });
  });
});
