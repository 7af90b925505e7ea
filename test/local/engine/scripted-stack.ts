import path from "node:path";
import { beforeEach, expect } from "vitest";
import type { Summary } from "../../../local/engine/summary.ts";
import { brokenInvariants } from "./invariants.ts";
import { readState, scriptedUp, STACK, temporaryFolder, thing } from "./scripted-run.ts";
import type { Script, ScriptedOptions } from "./scripted-run.ts";
import { World } from "./world.ts";

export type Program = (script: Script) => Promise<void>;

/** A stack whose programs are functions and whose cloud is a World. Both are new in each test. */
export interface ScriptedStack {
  readonly stateFile: string;
  readonly world: World;
  /** Runs `up` with a program and checks the invariants of the state. `world.calls` has the calls of this run only. */
  readonly up: (program: Program, options?: Partial<ScriptedOptions>) => Promise<Summary>;
  /** Returns a resource of type Thing from the state. Throws if it is not there. */
  readonly state: (name: string) => Promise<Awaited<ReturnType<typeof readState>>[number]>;
}

/** Must be called at the top level of a test file. */
export function scriptedStack(): ScriptedStack {
  let stateFile = "";
  let world: World;
  beforeEach(() => {
    const folder = temporaryFolder();
    stateFile = path.join(folder, "dev.json");
    world = new World(path.join(folder, "world.json"));
  });
  return {
    get stateFile() {
      return stateFile;
    },
    get world() {
      return world;
    },
    up: async (program, options = {}) => {
      world.calls.length = 0;
      const summary = await scriptedUp({ stateFile, world, ...options }, program);
      expect(brokenInvariants(await readState(stateFile))).toEqual([]);
      return summary;
    },
    state: async (name) => {
      const found = (await readState(stateFile)).find(({ urn }) => urn === thing(name));
      if (!found) throw new Error(`${name} is not in the state`);
      return found;
    },
  };
}

/** Returns the operations of a run, without the stack and unchanged resources. */
export function done(summary: Summary): string[] {
  return summary.steps
    .filter(({ op, urn }) => op !== "same" && urn !== STACK)
    .map(({ op, urn }) => `${op} ${urn.split("::").at(-1)}`);
}

/** Returns a program that registers one Thing named `one`. */
export const one =
  (inputs: Parameters<Script["add"]>[1] = {}): Program =>
  async ({ add }) => {
    await add("one", inputs);
  };
