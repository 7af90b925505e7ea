import { readFileSync } from "node:fs";
import path from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { Secret } from "../../../../local/engine/values/property-value.ts";
import type { Summary } from "../../../../local/engine/summary.ts";
import { brokenInvariants } from "../invariants.ts";
import { readState, scriptedRefresh, scriptedUp, STACK, temporaryFolder, thing } from "../scripted-run.ts";
import type { Script, ScriptedOptions } from "../scripted-run.ts";
import { World } from "../world.ts";

let stateFile: string;
let world: World;

beforeEach(() => {
  const folder = temporaryFolder();
  stateFile = path.join(folder, "dev.json");
  world = new World(path.join(folder, "world.json"));
});

async function up(
  program: (script: Script) => Promise<void>,
  options: Partial<ScriptedOptions> = {},
): Promise<Summary> {
  world.calls.length = 0;
  const summary = await scriptedUp({ stateFile, world, ...options }, program);
  expect(brokenInvariants(await readState(stateFile))).toEqual([]);
  return summary;
}

function done(summary: Summary): string[] {
  return summary.steps
    .filter(({ op, urn }) => op !== "same" && urn !== STACK)
    .map(({ op, urn }) => `${op} ${urn.split("::").at(-1)}`);
}

async function pair({ add }: Script): Promise<void> {
  const a = await add("a", { inputs: { name: "a", spec: 1 } });
  await add("b", { inputs: { name: "b", spec: { size: 1, token: new Secret("t") } }, dependencies: [a.urn] });
}

describe("an update that refreshes first", () => {
  it("makes again what is gone and puts back what was changed, in the same run", async () => {
    await up(pair);
    world.meddle("a", undefined);
    world.meddle("b", { name: "b", spec: { size: 5, token: "stolen" } });
    const summary = await up(pair, { refresh: true });
    expect(done(summary)).toEqual(["create a", "update b"]);
    expect(world.things()).toMatchObject({ a: {}, b: { inputs: { spec: { size: 1, token: "t" } } } });
    expect(summary.drift).toEqual([
      { urn: thing("a"), kind: "gone", changes: [] },
      {
        urn: thing("b"),
        kind: "changed",
        changes: [
          { path: "spec.size", kind: "update", old: 1, new: 5 },
          { path: "spec.token", kind: "update", old: "[secret]", new: "[secret]" },
        ],
      },
    ]);
    const again = await up(pair, { refresh: true });
    expect([done(again), again.drift]).toEqual([[], []]);
  });

  it("plans the same in a preview, and writes nothing", async () => {
    await up(pair);
    world.meddle("a", undefined);
    const before = readFileSync(stateFile, "utf8");
    const summary = await up(pair, { refresh: true, preview: true });
    expect(done(summary)).toEqual(["create a"]);
    expect(summary.drift.map(({ kind }) => kind)).toEqual(["gone"]);
    expect(readFileSync(stateFile, "utf8")).toBe(before);
    expect(world.calls).toEqual([]);
  });

  it("says nothing of a field that ignoreChanges leaves to others, and leaves it", async () => {
    const program = async ({ add }: Script): Promise<void> => {
      await add("a", { inputs: { name: "a", spec: { replicas: 1 } }, ignoreChanges: ["spec.replicas"] });
    };
    await up(program);
    world.meddle("a", { name: "a", spec: { replicas: 4 } });
    const summary = await up(program, { refresh: true });
    expect([done(summary), summary.drift]).toEqual([[], []]);
    expect(world.things()["a"]?.inputs["spec"]).toEqual({ replicas: 4 });
  });

  it("plans nothing where a resource cannot be read, unless it may be planned unread", async () => {
    await up(pair);
    world.unreadable = "the world does not answer";
    const refused = await up(async () => undefined, { refresh: true });
    expect(refused.failed).toEqual([
      {
        urn: "",
        reasons: ["2 resources could not be read, so nothing was planned: the world does not answer"],
      },
    ]);
    expect(Object.keys(world.things())).toEqual(["a", "b"]);
    const planned = await up(pair, { refresh: true, preview: true, plansUnread: true });
    expect(planned.ok).toBe(true);
    expect(planned.diagnostics).toEqual([
      {
        severity: "warning",
        message:
          "2 resources could not be read, so the plan assumes the state of the last run: the world does not answer",
      },
    ]);
  });
});

describe("a refresh of its own", () => {
  it("takes what has changed in the world, and forgets what is gone with every reference to it", async () => {
    await up(async ({ add }) => {
      const a = await add("a", { inputs: { name: "a", spec: 1 } });
      await add("b", { inputs: { name: "b" }, dependencies: [a.urn] });
      await add("c", {
        inputs: { name: "c", spec: 2 },
        parent: a.urn,
        deletedWith: a.urn,
        propertyDependencies: { spec: [a.urn] },
      });
    });
    world.meddle("b", { name: "b", spec: 7 });
    world.meddle("a", undefined);
    const summary = await scriptedRefresh({ stateFile, world });
    expect(summary.counts.refresh).toBe(3);
    expect(summary.drift).toEqual([
      { urn: thing("a"), kind: "gone", changes: [] },
      { urn: thing("b"), kind: "changed", changes: [{ path: "spec", kind: "add", new: 7 }] },
    ]);
    const states = await readState(stateFile);
    expect(states.find(({ urn }) => urn === thing("b"))?.inputs["spec"]).toBe(7);
    expect(brokenInvariants(states)).toEqual([]);
    expect(states.some(({ urn }) => urn === thing("a"))).toBe(false);
  });

  it("says in a preview what it would take, and takes nothing", async () => {
    await up(pair);
    world.meddle("a", undefined);
    const before = readFileSync(stateFile, "utf8");
    const summary = await scriptedRefresh({ stateFile, world, preview: true });
    expect(summary.drift.map(({ urn }) => urn)).toEqual([thing("a")]);
    expect(readFileSync(stateFile, "utf8")).toBe(before);
  });
});
