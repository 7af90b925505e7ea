import { spawn } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { COMMANDS } from "../../cli/commands.ts";
import { runCommand } from "../../local/run-command.ts";

const root = join(import.meta.dirname, "../..");

interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
  ms: number;
}

function bootstrap(args: string[], folder = root, env: Record<string, string> = {}): Promise<Ended> {
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(folder, "cli/bootstrap.mjs"), ...args], {
      cwd: folder,
      env: { ...process.env, ...env },
    });
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr, ms: performance.now() - started }));
  });
}

function bareNode(): Promise<number> {
  const started = performance.now();
  return new Promise((resolve) => {
    spawn(process.execPath, ["-e", "0"]).on("close", () => resolve(performance.now() - started));
  });
}

describe("help", () => {
  // A bare Node starts in 40 ms, and in half a second on a machine that is busy: what help adds to it is measured.
  it("is printed as fast as Node starts", async () => {
    const bare = [await bareNode(), await bareNode(), await bareNode()];
    const runs = [
      await bootstrap(["up", "--help"]),
      await bootstrap(["up", "-h"]),
      await bootstrap(["help", "up"]),
    ];
    for (const { code, stdout } of runs) {
      expect(code).toBe(0);
      expect(stdout).toContain("--no-refresh");
    }
    expect(Math.min(...runs.map(({ ms }) => ms))).toBeLessThan(Math.min(...bare) + 250);
  });

  it("is printed without packages, and installs none", async () => {
    const folder = await mkdtemp(join(tmpdir(), "slipway-help-"));
    try {
      await mkdir(join(folder, "cli"));
      for (const file of ["bootstrap.mjs", "help.json"])
        await cp(join(root, "cli", file), join(folder, "cli", file));
      const { code, stdout, ms } = await bootstrap(["replay", "--help"], folder);
      expect(code).toBe(0);
      expect(stdout).toContain("npm run replay -- --from 2013-12-01 --rows 5000");
      expect(ms).toBeLessThan(5000);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("lists every command where none is named", async () => {
    for (const args of [[], ["help"], ["--help"]]) {
      const { code, stdout } = await bootstrap(args);
      expect(code).toBe(0);
      for (const name of Object.keys(COMMANDS)) expect(stdout).toContain(`npm run ${name} `);
    }
  });
});

describe("exit codes", () => {
  it.each([
    [["nonsense"], 2, /there is no command "nonsense"/],
    [["nonsense", "--help"], 2, /there is no command "nonsense"/],
    [["trian"], 2, /did you mean train\?/],
    [["up", "--purge"], 2, /✗ up: up has no flag --purge; it is a flag of down/],
    [["promote"], 2, /--model is missing/],
    [["help", "stauts"], 2, /there is no command "stauts"; did you mean status\?/],
    [["status", "--stack", "prdo"], 2, /there is no Pulumi\.prdo\.yaml; did you mean prod\?/],
    [["train", "--stack", "prod"], 2, /stack prod-foundation has no kubeconfig/],
    [["feast", "--workload", "flight-delay", "--out", "x"], 2, /did you mean flight-delays\?/],
    [["preview", "--base", "no-such-branch"], 2, /--base no-such-branch: must name a commit/],
    [
      ["pin", "--stack", "nonsense", "--service", "a/b", "--digest", `sha256:${"0".repeat(64)}`],
      2,
      /there is no Pulumi\.nonsense\.yaml \(stacks: dev, prod/,
    ],
    [
      ["pin", "--stack", "prod", "--service", "prod/pushback", "--digest", `sha256:${"0".repeat(64)}`],
      2,
      /there is no environment prod; did you mean production\?/,
    ],
    [["down", "--stack", "prod"], 2, /stack prod runs on EKS.*nothing was done.*pulumi destroy --stack prod/],
  ])("%j ends with %i", async (args, code, message) => {
    const ended = await bootstrap(args);
    expect(ended.code).toBe(code);
    expect(ended.stderr).toMatch(message);
  });

  it.each([
    [["up", "--stack", "prod"], 2, /needs the pulumi CLI, and the PATH has none.*nothing was done/],
    [
      ["down", "--purge", "--context", "mine", "--registry", "registry.example.com/ml"],
      2,
      /--purge removes the caches of the local platform/,
    ],
    [
      ["up", "--context", "mine", "--registry", "registry.example.com/ml"],
      2,
      /context mine: (there is no kubeconfig|your kubeconfig has no such context)/,
    ],
    [
      ["down", "--context", "mine", "--registry", "registry.example.com/ml"],
      2,
      /context mine: (there is no kubeconfig|your kubeconfig has no such context)/,
    ],
    [["up", "--registry", "registry.example.com/ml"], 2, /--registry goes with --context NAME/],
    [["stage", "--out", "cli"], 2, /--out: must be a new or an empty folder/],
    [["comment", "--file", "no-such-file"], 2, /--file no-such-file: must be a file that can be read/],
  ])("%j without a pulumi CLI ends with %i, and does nothing", async (args, code, message) => {
    const ended = await bootstrap(args, root, { PATH: "/nonexistent", HOME: "/nonexistent", KUBECONFIG: "" });
    expect(ended.code).toBe(code);
    expect(ended.stderr).toMatch(message);
  });

  it("is 0 for a down of a stack that was never deployed to the user's cluster", async () => {
    const folder = await mkdtemp(join(tmpdir(), "slipway-down-"));
    try {
      const kubeconfig = join(folder, "kubeconfig");
      await writeFile(
        kubeconfig,
        JSON.stringify({
          apiVersion: "v1",
          kind: "Config",
          clusters: [{ name: "mine", cluster: { server: "https://127.0.0.1:1" } }],
          users: [{ name: "mine", user: {} }],
          contexts: [{ name: "mine", context: { cluster: "mine", user: "mine" } }],
        }),
      );
      const { code, stdout } = await bootstrap(
        ["down", "--context", "mine", "--registry", "registry.example.com/ml"],
        root,
        {
          PATH: "/nonexistent",
          KUBECONFIG: kubeconfig,
          PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
        },
      );
      expect(stdout).toContain("The resources of stack dev on the cluster of context mine are deleted.");
      expect(code).toBe(0);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  // A terminal sends Ctrl-C to every process of the group.
  it("is 130 for a command that Ctrl-C ends, and the command leaves no worktree", async () => {
    const child = spawn(
      process.execPath,
      [join(root, "cli/bootstrap.mjs"), "preview", "--stack", "prod", "--base", "HEAD"],
      { cwd: root, detached: true, stdio: ["ignore", "ignore", "pipe"] },
    );
    const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
    await new Promise<void>((resolve) => {
      child.stderr.on("data", (chunk: Buffer) => {
        if (chunk.toString().includes("▸ Plan stack prod")) resolve();
      });
    });
    process.kill(-child.pid!, "SIGINT");
    expect(await ended).toBe(130);
    expect(await runCommand("git", ["worktree", "list"], { cwd: root })).not.toContain("slipway-base-");
  });

  it("says which flags npm swallowed, and does nothing", async () => {
    const ended = await bootstrap(["down"], root, { npm_lifecycle_event: "down", npm_config_purge: "true" });
    expect(ended.code).toBe(2);
    expect(ended.stderr).toContain("npm run down -- --purge");
  });
});
