import { chmod, cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Interrupted } from "../../../operations/interrupted.ts";
import { automationRunner } from "../../../operations/stack/automation.ts";
import type { StackOptions } from "../../../operations/stack/stack-runner.ts";
import { quietView } from "../quiet-view.ts";

interface Call {
  args: string[];
  cwd: string;
  kubeconfig?: string;
  running?: string;
  config?: string;
}

const FILE = "config:\n  slipway:cluster: { kind: existing } # ours\n";
let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "slipway-cli-"));
  await writeFile(join(root, "Pulumi.yaml"), "name: slipway\nruntime: nodejs\n");
  await writeFile(join(root, "Pulumi.dev.yaml"), FILE);
  await cp(join(import.meta.dirname, "fake-pulumi.mjs"), join(root, "pulumi"));
  await chmod(join(root, "pulumi"), 0o755);
  vi.stubEnv("PATH", `${root}${delimiter}${process.env["PATH"]}`);
  vi.stubEnv("FAKE_PULUMI", root);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(root, { recursive: true, force: true });
});

const runner = (more: Partial<StackOptions> = {}): ReturnType<typeof automationRunner> =>
  automationRunner({
    projectDir: root,
    stack: "dev",
    config: { "slipway:cluster": '{"kind":"existing","context":"mine"}' },
    kubeconfig: "/kube/config",
    env: { PULUMI_CONFIG_PASSPHRASE: "p", PULUMI_BACKEND_URL: `file://${root}/state` },
    view: quietView,
    ...more,
  });
const calls = async (command: string): Promise<Call[]> =>
  (await readFile(join(root, "calls"), "utf8"))
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Call)
    .filter(({ args }) => args.join(" ").startsWith(command));

describe("automationRunner", () => {
  it("gives the config of the run to the CLI in a file of its own: the stack's file stays as it is", async () => {
    await runner()
      .up()
      .catch(() => undefined); // the fake tells no result
    const [up] = await calls("up");
    expect(up?.config).toContain("context: mine");
    expect(up?.args).toContain("--refresh");
    expect(up?.kubeconfig).toBe("/kube/config");
    expect(up?.running).toBe(`{"production/p":"w/p/model@sha256:${"a".repeat(64)}"}`);
    expect(await readFile(join(root, "Pulumi.dev.yaml"), "utf8")).toBe(FILE);
    expect(await calls("config")).toEqual([]);
  });

  it("compares with the cluster unless it is told not to", async () => {
    await runner({ refresh: false, config: {} })
      .up()
      .catch(() => undefined);
    const [up] = await calls("up");
    expect(up?.args).not.toContain("--refresh");
    expect(up?.config).toBe(FILE);
  });

  it("makes the stack from a copy of the project, and asks for no secrets, because both write to the stack's file", async () => {
    await runner()
      .up()
      .catch(() => undefined);
    const [init] = await calls("stack init");
    expect(init?.cwd).not.toBe(root);
    for (const { args } of await calls("stack history")) expect(args).not.toContain("--show-secrets");
  });

  it("says that a person interrupted it, where the CLI itself reports a failure", async () => {
    await writeFile(join(root, "slow"), "");
    const controller = new AbortController();
    const up = runner({ view: { ...quietView, interruptible: (work) => work(controller.signal) } }).up();
    await vi.waitFor(() => readFile(join(root, "working")), { timeout: 30_000 });
    controller.abort();
    await expect(up).rejects.toThrow(Interrupted);
    await expect(up).rejects.toThrow("up of stack dev was interrupted: run it again, and it goes on");
  });

  it("sets and makes nothing where only outputs are read", async () => {
    expect(await runner().outputs()).toEqual({});
    expect(await runner().resourceCount()).toBe(0);
    await runner().destroy();
    for (const writing of ["config", "stack init", "destroy", "up"]) expect(await calls(writing)).toEqual([]);
  });

  it("reads the outputs and the number of resources of a stack that is there", async () => {
    await writeFile(join(root, "made"), "");
    expect(await runner().outputs()).toMatchObject({ services: [{ name: "p" }] });
    expect(await runner().resourceCount()).toBe(2);
    expect(await calls("stack init")).toEqual([]);
  });
});
