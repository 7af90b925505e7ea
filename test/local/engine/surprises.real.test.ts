import path from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { preview, stackOutputs, up } from "../../../local/engine/engine.ts";
import type { EngineOptions } from "../../../local/engine/engine-options.ts";
import { lineDisplay } from "../../../local/engine/display/line-display.ts";
import type { Summary } from "../../../local/engine/summary.ts";
import { temporaryFolder } from "./scripted-run.ts";
import { World } from "./world.ts";

let backendDir: string;
let world: World;
let lines: string[];

beforeEach(() => {
  backendDir = temporaryFolder();
  world = new World(path.join(backendDir, "world.json"));
  lines = [];
});

function options(what: string): EngineOptions {
  return {
    projectDir: path.join(import.meta.dirname, "programs/surprises"),
    stack: "dev",
    backendDir,
    passphrase: "correct horse",
    config: { what },
    providers: (name) => (name === "world" ? world.provider() : undefined),
    display: lineDisplay({ write: (line) => lines.push(line) }),
  };
}

function done(summary: Summary): string[] {
  return summary.steps
    .filter(({ op, urn }) => op !== "same" && !urn.includes("pulumi:pulumi:Stack"))
    .map(({ op, urn }) => `${op} ${urn.split("::").at(-1)}`)
    .sort();
}

describe("a program on the unmodified SDK", () => {
  it("keeps the outputs of the last good run when a later run fails", async () => {
    await up(options("plain"));
    const failed = await up(options("fails late"));
    expect(failed.ok).toBe(false);
    expect(failed.outputs).toEqual({ output: "plain" });
    expect(await stackOutputs(options("plain"))).toEqual({ output: "plain" });
  });

  it("does not fail by an error that it only logs", async () => {
    const summary = await up(options("logs an error"));
    expect([summary.ok, summary.failed]).toEqual([true, []]);
    expect(lines).toContain("  error: a remark that sounds worse than it is");
  });

  it("gets an error for a component that a provider implements", async () => {
    const summary = await up(options("is remote"));
    expect(summary.ok).toBe(false);
    expect(summary.failed[0]?.reasons[0]).toMatch(
      /world:index:RemoteGroup group: the offline engine cannot create a component that a provider implements/,
    );
  });

  it("replaces a resource whose trigger changes, also where the new one is secret", async () => {
    await up(options("plain"));
    expect(done(await up(options("is triggered")))).toEqual([]);
    const summary = await up(options("is triggered again"));
    expect(summary.steps.find(({ op }) => op === "replace")?.replaceReasons).toEqual(["replacementTrigger"]);
    expect(done(await up(options("is triggered again")))).toEqual([]);
  });

  it("shows no difference at the paths that it hides, and makes the change", async () => {
    await up(options("plain"));
    lines.length = 0;
    expect(done(await up(options("hides")))).toEqual(["update there"]);
    expect(lines.filter((line) => line.includes("spec"))).toEqual([]);
  });

  it("stops what needs a resource that cannot be read, and tells the reason once", async () => {
    await up(options("plain"));
    world.meddle("there", undefined);
    const summary = await up(options("reads"));
    expect(summary.failed).toEqual([
      {
        urn: expect.stringMatching(/::found$/) as string,
        reasons: ["no world:index:Thing with id there was found"],
      },
    ]);
    expect(Object.keys(world.things())).toEqual(["alone"]);
    expect(lines.join("\n")).not.toContain("unhandled exception");
  });

  it("says why a stack that it refers to is not there, and nothing else", async () => {
    const summary = await up(options("refers"));
    expect(summary.failed.map(({ reasons }) => reasons[0])).toEqual([
      expect.stringMatching(/stack reference organization\/nowhere\/dev: no such stack/) as string,
    ]);
  });

  it("shows no secret of its config, in whatever text it puts it", async () => {
    const { config: _, ...leaking } = { ...options("leaks"), stack: "leaks" };
    for (const run of [preview, up]) {
      const { planned: __, changes: ___, ...json } = await run(leaking);
      expect(json.failed[0]?.reasons[0]).toContain("bad login [secret]");
      expect(JSON.stringify(json) + lines.join("\n")).not.toContain("needle-4711");
    }
    expect(lines).toContain("  using [secret]");
    expect(lines).toContain('    + label: "for [secret]"');
  });

  it("may keep the import of a resource that is in the state", async () => {
    await up(options("plain"));
    expect((await up(options("imports"))).ok).toBe(true);
    world.meddle("there", undefined);
  });
});
