import { chmod, cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { cliPreview } from "../../../cli/preview/cli-preview.ts";
import type { StackPreview } from "../../../cli/preview/compare-stack.ts";
import { stackNeeds } from "../../../cli/preview/stack-needs.ts";
import { lineProgress } from "../../../local/progress.ts";

const FILE = "config:\n  slipway:cluster: { kind: existing } # ours\n";
let root: string;
let notes: string[];
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "slipway-cli-preview-"));
  notes = [];
  await writeFile(join(root, "Pulumi.yaml"), "name: slipway\nruntime: nodejs\n");
  await writeFile(join(root, "Pulumi.dev.yaml"), FILE);
  await cp(join(import.meta.dirname, "../../operations/stack/fake-pulumi.mjs"), join(root, "pulumi"));
  await chmod(join(root, "pulumi"), 0o755);
  vi.stubEnv("PATH", `${root}${delimiter}${process.env["PATH"]}`);
  vi.stubEnv("FAKE_PULUMI", root);
  // Newer CLIs send their events over gRPC, this one writes them to a file.
  vi.stubEnv("FAKE_PULUMI_VERSION", "v3.200.0");
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(root, { recursive: true, force: true });
});

const preview = async (offline = false): Promise<StackPreview | undefined> =>
  cliPreview(await stackNeeds(root, "dev"), {
    projectDir: root,
    offline,
    env: { PULUMI_CONFIG_PASSPHRASE: "p", PULUMI_BACKEND_URL: `file://${root}/state` },
    progress: lineProgress((line) => void notes.push(line)),
    target: { kubeconfig: "/kube/config", config: { "slipway:images": '{"lockFile":"planned.json"}' } },
    warnings: ["a warning of the check"],
    refresh: true,
  });
const calls = async (): Promise<
  { args: string[]; config?: string; kubeconfig?: string; running?: string }[]
> =>
  (await readFile(join(root, "calls"), "utf8"))
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as { args: string[] });

describe("cliPreview", () => {
  it("makes the report of a plan from the events of the CLI", async () => {
    await writeFile(join(root, "made"), "");
    const { report, digest } = (await preview())!;
    expect(report).toMatchObject({ stack: "dev", engine: "pulumi CLI", against: "the state of the stack" });
    expect(report.totals.create).toBe(1);
    expect(report.groups[0]?.changes).toMatchObject([{ kind: "create", name: "settings" }]);
    expect(report.diagnostics.map(({ message }) => message)).toEqual([
      "a warning of the check",
      "a word of the program",
    ]);
    expect(digest.diagnostics).toHaveLength(2);
  });

  it("gives the CLI the config of this run, the kubeconfig and the running services, and leaves the file as it is", async () => {
    await writeFile(join(root, "made"), "");
    await preview();
    const call = (await calls()).find(({ args }) => args[0] === "preview" && !args.includes("--help"));
    expect(call?.args).toEqual(expect.arrayContaining(["--diff", "--refresh"]));
    expect(call?.config).toContain("lockFile: planned.json");
    expect(call?.kubeconfig).toBe("/kube/config");
    expect(call?.running).toContain("production/p");
    expect(await readFile(join(root, "Pulumi.dev.yaml"), "utf8")).toBe(FILE);
  });

  it("leaves a stack that the backend does not have to the offline engine, and creates none", async () => {
    expect(await preview()).toBeUndefined();
    expect(notes).toEqual([
      "the offline engine plans dev: the backend has no such stack yet, and a preview makes none",
    ]);
    expect((await calls()).map(({ args }) => args.slice(0, 2).join(" "))).not.toContain("stack init");
  });

  it("does not start the CLI with --offline", async () => {
    expect(await preview(true)).toBeUndefined();
    expect(notes).toEqual(["the offline engine plans dev: --offline"]);
  });
});
