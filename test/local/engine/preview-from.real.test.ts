import path from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { preview, up } from "../../../local/engine/engine.ts";
import type { EngineOptions } from "../../../local/engine/engine-options.ts";
import { temporaryFolder } from "./scripted-run.ts";
import { World } from "./world.ts";

let backendDir: string;
let world: World;
beforeEach(() => {
  backendDir = temporaryFolder();
  world = new World(path.join(backendDir, "world.json"));
});

function options(program: string, config: Record<string, string> = {}): EngineOptions {
  return {
    projectDir: path.join(import.meta.dirname, "programs", program),
    stack: "dev",
    backendDir,
    passphrase: "correct horse",
    config,
    providers: (name) => (name === "world" || name === "kubernetes" ? world.provider() : undefined),
  };
}

const changed = (steps: { op: string; urn: string }[]): string[] =>
  steps
    .filter(({ op }) => op !== "same")
    .map(({ op, urn }) => `${op} ${urn.split("::").at(-1) ?? ""}`)
    .sort();

describe("a preview from another plan", () => {
  it("finds no change where the program is the same, although most outputs are unknown", async () => {
    const base = await preview({ ...options("basic"), from: [] });
    expect(base.ok).toBe(true);
    const again = await preview({ ...options("basic"), from: base.planned ?? [] });
    expect(changed(again.steps)).toEqual([]);
    expect(again.counts.same).toBe(base.counts.create);
  });

  it("finds what config changes, and nothing else", async () => {
    const base = await preview({ ...options("basic"), from: [] });
    const branch = await preview({
      ...options("basic", { greeting: "good evening" }),
      from: base.planned ?? [],
    });
    expect(changed(branch.steps)).toEqual(["update web-config"]);
  });

  it("leaves the state of the backend out of it, and as it is", async () => {
    await up(options("basic"));
    world.calls.length = 0;
    expect((await preview({ ...options("basic"), from: [] })).counts.create).toBe(6);
    expect(world.calls).toEqual([]);
    expect(changed((await preview(options("basic"))).steps)).toEqual([]);
  });

  it("plans the deletion of what is protected, with a warning, for nothing is deleted", async () => {
    const base = await preview({ ...options("options", { password: "hunter2" }), from: [] });
    const guarded = base.planned?.filter(({ protect }) => protect) ?? [];
    expect(guarded).not.toEqual([]);
    const gone = await preview({
      ...options("basic"),
      from: guarded.map((state) => ({
        ...state,
        parent: undefined,
        dependencies: [],
        propertyDependencies: {},
      })),
    });
    expect(gone.counts.delete).toBe(guarded.length);
    expect(gone.diagnostics).toContainEqual(
      expect.objectContaining({
        severity: "warning",
        message: expect.stringContaining("protected") as string,
      }),
    );
  });
});

describe("a preview without the cluster", () => {
  const unreachable = (): EngineOptions => ({
    ...options("basic"),
    providers: undefined,
    env: { ...process.env, KUBECONFIG: path.join(backendDir, "no-such-kubeconfig") },
  });

  it("fails as it always did, unless it is told to plan", async () => {
    const summary = await preview(unreachable());
    expect(summary.ok).toBe(false);
  });

  it("plans, and says in one line that no cluster was asked", async () => {
    const summary = await preview({ ...unreachable(), unreachableClusters: "plan" });
    expect(summary.failed).toEqual([]);
    expect(summary.counts.create).toBe(6);
    const warnings = summary.diagnostics.filter(({ severity }) => severity === "warning");
    expect(warnings).toHaveLength(1);
    expect(warnings[0]?.message).toMatch(
      /^planned without the cluster, so not checked against it: .*no-such-kubeconfig/,
    );
  });
});
