import { describe, expect, it } from "vitest";
import { neededBy } from "../../../../local/engine/plan/dependents.ts";
import { newGoal } from "../../../../local/engine/plan/goal.ts";
import { newState } from "../../../../local/engine/plan/new-state.ts";
import type { ResourceState } from "../../../../local/engine/state/resource-state.ts";
import { thing } from "../scripted-run.ts";

function state(name: string, needs: string[] = []): ResourceState {
  const goal = newGoal("world:index:Thing", name, { dependencies: needs.map(thing) });
  return newState({ goal, urn: thing(name), inputs: {}, aliases: [], provider: undefined });
}

describe("what needs a resource", () => {
  it("are those that name it and stand after it", () => {
    const [a, b, c] = [state("a"), state("b", ["a"]), state("c", ["a", "b"])];
    expect([...neededBy([a, b, c]).values()]).toEqual([[b, c], [c], []]);
  });

  it("never go round in a circle, where a stopped run had turned a dependency round", () => {
    const [newA, newB] = [state("a"), state("b", ["a"])];
    const oldA = { ...state("a", ["b"]), delete: true };
    const needed = neededBy([newA, newB, oldA]);
    expect(needed.get(newA)).toEqual([newB]);
    expect(needed.get(newB)).toEqual([oldA]);
    expect(needed.get(oldA)).toEqual([]);
  });
});
