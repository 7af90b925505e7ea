import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { Secret } from "../../../../local/engine/values/property-value.ts";
import { readState, scriptedDestroy, scriptedUp, temporaryFolder } from "../scripted-run.ts";
import type { Script } from "../scripted-run.ts";
import { World } from "../world.ts";
import { brokenInvariants } from "../invariants.ts";

type Program = (script: Script) => Promise<void>;

const first: Program = async ({ add, stack }) => {
  const component = await add("group", { type: "test:index:Group", custom: false });
  const parent = component.urn;
  const [base, fixed] = await Promise.all([
    add("base", { inputs: { spec: 1, password: new Secret("open sesame") }, parent }),
    add("fixed", { inputs: { name: "fixed", immutable: "a" } }),
  ]);
  await Promise.all([
    add("child", { inputs: { spec: "x" }, dependencies: [base.urn], parent }),
    add("leaf", {
      inputs: { immutable: fixed.id },
      dependencies: [fixed.urn],
      propertyDependencies: { immutable: [fixed.urn] },
    }),
    add("gone", { inputs: { spec: 1 }, dependencies: [base.urn] }),
    add("swapped", { inputs: { immutable: 1 } }),
  ]);
  stack({ base: base.id });
};

/** Against `first`: updates base, replaces fixed (delete first) and with it leaf, deletes gone, replaces swapped, adds more. */
const second: Program = async ({ add, stack }) => {
  const component = await add("group", { type: "test:index:Group", custom: false });
  const parent = component.urn;
  const [base, fixed] = await Promise.all([
    add("base", { inputs: { spec: 2, password: new Secret("open sesame") }, parent }),
    add("fixed", { inputs: { name: "fixed", immutable: "b" } }),
  ]);
  await Promise.all([
    add("child", { inputs: { spec: "x" }, dependencies: [base.urn], parent }),
    add("leaf", {
      inputs: { immutable: fixed.id },
      dependencies: [fixed.urn],
      propertyDependencies: { immutable: [fixed.urn] },
    }),
    add("swapped", { inputs: { immutable: 2 } }),
    add("more", { inputs: { spec: 3 }, dependencies: [base.urn] }),
  ]);
  stack({ base: base.id });
};

class Killed extends Error {}

/** Lets a run pass a number of moments at which something becomes durable, and then ends it, with all that it had begun. */
function killAfter(moments: number): { moment: () => void; wasKilled: () => boolean } {
  let left = moments;
  return {
    moment: () => {
      if (left-- <= 0) throw new Killed("killed");
    },
    wasKilled: () => left < 0,
  };
}

interface Place {
  stateFile: string;
  worldFile: string;
}

function newPlace(): Place {
  const folder = temporaryFolder();
  return { stateFile: path.join(folder, "dev.json"), worldFile: path.join(folder, "world.json") };
}

async function runWhole({ stateFile, worldFile }: Place, program: Program): Promise<void> {
  const summary = await scriptedUp({ stateFile, world: new World(worldFile) }, program);
  expect(summary.failed).toEqual([]);
}

async function runKilled(
  { stateFile, worldFile }: Place,
  program: Program,
  moments: number,
): Promise<boolean> {
  const killer = killAfter(moments);
  const world = new World(worldFile, { onChange: killer.moment });
  await scriptedUp({ stateFile, world, onWrite: killer.moment }, program).catch(() => undefined);
  return killer.wasKilled();
}

/** The world and the state without what may differ between two runs that came to the same: times, and what is drawn. */
async function outcome({ stateFile, worldFile }: Place): Promise<{ world: unknown[]; state: unknown[] }> {
  const states = await readState(stateFile);
  const things = new World(worldFile).things();
  expect(brokenInvariants(states)).toEqual([]);
  const known = states.filter(({ type }) => type === "world:index:Thing").map(({ id }) => id);
  expect(known.sort()).toEqual(Object.keys(things).sort());
  const state = states.map(({ created: _created, modified: _modified, ...rest }) => {
    const isProvider = rest.type.startsWith("pulumi:providers:");
    return { ...rest, id: isProvider ? "" : rest.id, provider: rest.provider?.replace(/::[^:]+$/, "") };
  });
  return { world: essence(Object.values(things)), state: essence(state) };
}

function essence(list: unknown[]): unknown[] {
  return list
    .map((item) => JSON.stringify(sortedKeys(item)).replace(/-[0-9a-f]{8}"/g, '-*"'))
    .sort()
    .map((text) => JSON.parse(text) as unknown);
}

function sortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedKeys);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([key, item]) => [key, sortedKeys(item)]),
  );
}

async function killedAtEvery(before: Program | undefined, program: Program): Promise<number> {
  const uninterrupted = newPlace();
  if (before) await runWhole(uninterrupted, before);
  await runWhole(uninterrupted, program);
  const expected = await outcome(uninterrupted);
  let moments = 0;
  for (; ; moments++) {
    const place = newPlace();
    if (before) await runWhole(place, before);
    if (!(await runKilled(place, program, moments))) break;
    expect(brokenInvariants(await readState(place.stateFile)), `invariants after ${moments}`).toEqual([]);
    await runWhole(place, program);
    expect(await outcome(place), `killed after ${moments} moments`).toEqual(expected);
  }
  return moments;
}

describe("a run that is killed at any write", { timeout: 120_000 }, () => {
  it("is completed by the next one, when it was creating everything", async () => {
    expect(await killedAtEvery(undefined, first)).toBeGreaterThan(20);
  });

  it("is completed by the next one, when it was updating, replacing and deleting", async () => {
    expect(await killedAtEvery(first, second)).toBeGreaterThan(20);
  });

  it("is undone by the next one, when the program has gone back to what it was", async () => {
    for (let moments = 0; ; moments++) {
      const place = newPlace();
      await runWhole(place, first);
      const before = await outcome(place);
      if (!(await runKilled(place, second, moments))) break;
      await runWhole(place, first);
      expect(await outcome(place), `killed after ${moments}`).toEqual(before);
    }
  });

  it("leaves nothing behind once it is destroyed", async () => {
    for (let moments = 0; ; moments++) {
      const place = newPlace();
      if (!(await runKilled(place, first, moments))) break;
      const world = new World(place.worldFile);
      expect((await scriptedDestroy({ stateFile: place.stateFile, world })).failed).toEqual([]);
      expect(world.things(), `killed after ${moments}`).toEqual({});
      expect(await readState(place.stateFile)).toEqual([]);
    }
  });

  it("has kept secrets sealed in what it was creating", async () => {
    const place = newPlace();
    await runKilled(place, first, 5);
    const text = readFileSync(place.stateFile, "utf8");
    expect(text).toContain('"pending_operations"');
    expect(text).not.toContain("open sesame");
  });
});
