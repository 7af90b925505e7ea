import { readFileSync } from "node:fs";
import path from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import {
  destroy,
  exportState,
  preview,
  refresh,
  stackOutputs,
  stackResources,
  up,
} from "../../../local/engine/engine.ts";
import type { EngineOptions } from "../../../local/engine/engine-options.ts";
import { lineDisplay } from "../../../local/engine/display/line-display.ts";
import { decryptDeployment, crypterFor } from "../../../local/engine/state/backend.ts";
import type { PropertyMap } from "../../../local/engine/values/property-value.ts";
import type { ResourceState } from "../../../local/engine/state/resource-state.ts";
import type { Summary } from "../../../local/engine/summary.ts";
import { brokenInvariants } from "./invariants.ts";
import { temporaryFolder } from "./scripted-run.ts";
import { World } from "./world.ts";

const passphrase = "correct horse";
let backendDir: string;
let world: World;
let lines: string[];

beforeEach(() => {
  backendDir = temporaryFolder();
  world = new World(path.join(backendDir, "world.json"));
  lines = [];
});

function options(program: string, config: Record<string, string> = {}): EngineOptions {
  return {
    projectDir: path.join(import.meta.dirname, "programs", program),
    stack: "dev",
    backendDir,
    passphrase,
    config,
    providers: (name) => (name === "world" || name === "kubernetes" ? world.provider() : undefined),
    display: lineDisplay({ write: (line) => lines.push(line) }),
  };
}

function done(summary: Summary): string[] {
  return summary.steps
    .filter(({ op, urn }) => op !== "same" && !urn.includes("pulumi:pulumi:Stack"))
    .map(({ op, urn }) => `${op} ${urn.split("::").at(-1)}`)
    .sort();
}

async function states(program: string): Promise<ResourceState[]> {
  const deployment = (await exportState(options(program)))?.deployment;
  const { resources } = decryptDeployment(deployment, await crypterFor(deployment, passphrase));
  expect(brokenInvariants(resources)).toEqual([]);
  return resources;
}

describe("the unmodified SDK on the engine", () => {
  it("takes config that is too long for an environment", async () => {
    const long = "x".repeat(200_000);
    const planned = await preview({ ...options("broken", { how: long }), showSecrets: true });
    expect(planned.failed).toEqual([]);
    expect(planned.outputs).toEqual({ output: long });
  });

  it("plans, creates, keeps and destroys Kubernetes and random resources", async () => {
    const planned = await preview(options("basic"));
    expect(planned.failed).toEqual([]);
    expect(planned.counts.create).toBe(6);
    expect(world.calls).toEqual([]);
    const secret = planned.steps.find(({ urn }) => urn.endsWith("::web-secret"));
    expect(secret?.newState?.["inputs"]).toMatchObject({
      stringData: "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
    });

    const created = await up(options("basic"));
    expect(created.failed).toEqual([]);
    expect(created.counts.create).toBe(6);
    expect(created.outputs).toEqual({
      configMap: expect.stringMatching(/^web-config-/) as string,
      token: "[secret]",
    });
    const [, web] = Object.entries(world.things()).find(([name]) => name.startsWith("web-config")) ?? [];
    expect(web?.inputs).toMatchObject({ data: { greeting: "hello" }, metadata: { labels: { team: "ml" } } });

    const file = path.join(backendDir, ".pulumi/stacks/basic/dev.json");
    const before = readFileSync(file, "utf8");
    const again = await up(options("basic"));
    expect(done(again)).toEqual([]);
    expect(readFileSync(file, "utf8")).toBe(before);

    const changed = await preview(options("basic", { greeting: "good evening" }));
    expect(done(changed)).toEqual(["update web-config"]);
    expect(lines).toContain('    ~ data.greeting: "hello" → "good evening"');

    expect((await stackResources(options("basic"))).map((resource) => resource["type"])).toContain(
      "pulumi:providers:kubernetes",
    );
    const gone = await destroy(options("basic"));
    expect(gone.ok).toBe(true);
    expect(world.things()).toEqual({});
    expect(await states("basic")).toEqual([]);
  });

  it("shows what changed behind its back, and puts it back where it is told to look first", async () => {
    await up(options("basic"));
    const name = Object.keys(world.things()).find((key) => key.startsWith("web-config")) ?? "";
    world.meddle(name, undefined);
    expect(done(await up(options("basic")))).toEqual([]);
    const found = await refresh({ ...options("basic"), previewOnly: true });
    expect(found.drift).toEqual([
      { urn: expect.stringMatching(/::web-config$/) as string, kind: "gone", changes: [] },
    ]);
    expect(lines).toContain("  - kubernetes:core/v1:ConfigMap web-config is gone");
    expect(done(await preview({ ...options("basic"), refresh: true }))).toEqual(["create web-config"]);
    const back = await up({ ...options("basic"), refresh: true });
    expect(done(back)).toEqual(["create web-config"]);
    expect(Object.keys(world.things())).toContain(name);
  });

  it("keeps secrets out of what it writes and shows", async () => {
    await up(options("basic"));
    const text = readFileSync(path.join(backendDir, ".pulumi/stacks/basic/dev.json"), "utf8");
    expect(text).not.toContain("very secret");
    const password = (await states("basic")).find(({ type }) => type.includes("RandomPassword"))?.outputs[
      "result"
    ];
    const plain = (password as unknown as { value: string }).value;
    expect(plain).toHaveLength(20);
    expect(text + lines.join("\n")).not.toContain(plain);
    expect(await stackOutputs({ ...options("basic"), showSecrets: true })).toMatchObject({
      token: "very secret",
    });
    await expect(up({ ...options("basic"), passphrase: "wrong" })).rejects.toThrow(/passphrase/);
  });

  it("honours options: transforms, hooks after creation, aliases, providers, ignoreChanges, protect, deletedWith, secrets, timeouts", async () => {
    const first = await up(options("options", { password: "hunter2" }));
    expect(first.failed).toEqual([]);
    expect(first.outputs).toMatchObject({ stamped: "stamped", watchedState: "ready" });
    const before = new Map((await states("options")).map((state) => [state.urn.split("::").at(-1), state]));
    expect(before.get("doubled")?.inputs["spec"]).toBe(42);
    const hooks = (): string[] => lines.filter((line) => line.includes("hook"));
    expect(hooks()).toEqual([
      expect.stringContaining(`hook: doubled ${before.get("doubled")?.id} 42`),
      expect.stringMatching(/the hook .* failed: tired/),
    ]);
    expect(before.get("group-thing")?.provider).toContain("::abroad::");
    expect(before.get("watched")?.dependencies).toContain(before.get("group-thing")?.urn);
    expect(before.get("watched")?.customTimeouts).toEqual({ create: 300 });
    expect(before.get("guarded")?.protect).toBe(true);
    expect(before.get("inside")?.deletedWith).toBe(before.get("group-thing")?.urn);

    world.calls.length = 0;
    const second = await up(options("options", { password: "hunter2", later: "true" }));
    expect(second.failed).toEqual([]);
    expect(done(second)).toEqual(["delete temporary"]);
    const after = new Map((await states("options")).map((state) => [state.urn.split("::").at(-1), state]));
    expect(hooks(), "a hook runs after the creation only").toHaveLength(2);
    expect(after.get("renamed-thing")?.id).toBe(before.get("group-thing")?.id);
    expect(after.get("watched")?.inputs["spec"]).toEqual({ replicas: 1, image: "a" });

    world.calls.length = 0;
    expect((await destroy(options("options"))).ok).toBe(true);
    expect(world.calls.some((call) => call.startsWith("delete:inside"))).toBe(false);
  });

  it("calls the functions of a provider that has some", async () => {
    const asked: unknown[] = [];
    const invoke = async (token: string, args: PropertyMap): Promise<PropertyMap> => {
      asked.push([token, args]);
      return { name: "north" };
    };
    const summary = await up({
      ...options("functions", { near: "the pole" }),
      providers: (name) => (name === "world" ? { ...world.provider(), invoke } : undefined),
    });
    expect(summary.failed).toEqual([]);
    expect(asked).toEqual([["world:index:getRegion", { near: "the pole" }]]);
    expect(summary.outputs).toEqual({ region: "north" });
  });

  it("reads another stack's outputs by StackReference, secrets as secrets", async () => {
    await up({ ...options("options"), config: { password: "hunter2" } });
    const planned = await preview(options("reader"));
    expect(planned.failed).toEqual([]);
    const read = await up({ ...options("reader"), showSecrets: true });
    expect(read.failed).toEqual([]);
    expect(read.outputs).toEqual({ stamped: "stamped", password: "hunter2", missing: true });
    expect(await stackOutputs(options("reader"))).toMatchObject({ stamped: "stamped", password: "[secret]" });
  });
});

describe("a program that goes wrong", () => {
  it("by an exception: what it registered is kept, nothing is deleted, and the error is told once", async () => {
    await up(options("broken", { how: "not at all" }));
    const summary = await up(options("broken", { how: "throws" }));
    expect(summary.ok).toBe(false);
    expect(summary.failed).toHaveLength(1);
    expect(summary.failed[0]?.reasons[0]).toContain("the program is wrong");
    expect(Object.keys(world.things())).toHaveLength(1);
  });

  it("by ending itself early", async () => {
    const summary = await up(options("broken", { how: "exits" }));
    expect(summary.failed.at(-1)?.reasons[0]).toBe("the program ended with exit code 3");
  });

  it("by a function that no provider here has, which the error names", async () => {
    const summary = await up(options("broken", { how: "invokes" }));
    expect(summary.failed[0]?.reasons[0]).toMatch(
      /world:index:getRegion: the offline engine's provider of world has no functions/,
    );
  });

  it("by registering a resource twice", async () => {
    const summary = await up(options("broken", { how: "duplicates" }));
    expect(summary.failed[0]?.reasons[0]).toMatch(/duplicate resource .*fine/);
  });

  it("by a resource that fails: what does not need it is done, and the program runs to its end", async () => {
    const summary = await up(options("broken", { how: "fails" }));
    expect(summary.failed).toEqual([
      { urn: expect.stringMatching(/::bad$/) as string, reasons: ["the world refuses the thing"] },
    ]);
    expect(summary.skipped.map((urn) => urn.split("::").at(-1)).sort()).toEqual(["needy", "unknown"]);
    expect(Object.keys(world.things())).toHaveLength(1);
    expect(summary.outputs).toEqual({}); // those of the last good run: there was none
  });

  it("by being interrupted: it is ended, the state saved, the lock released", async () => {
    const controller = new AbortController();
    const display = lineDisplay({ write: (line) => line.includes("fine: created") && controller.abort() });
    const summary = await up({ ...options("broken", { how: "waits" }), display, signal: controller.signal });
    expect(summary.failed.at(-1)?.reasons[0]).toMatch(/interrupted/);
    expect((await states("broken")).some(({ urn }) => urn.endsWith("::fine"))).toBe(true);
    expect((await up(options("broken", { how: "not at all" }))).ok).toBe(true);
  });
});
