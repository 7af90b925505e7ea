import { describe, expect, it } from "vitest";
import { ProgressTree } from "../../../../local/engine/display/progress-tree.ts";
import { terminalDisplay } from "../../../../local/engine/display/terminal-display.ts";
import { newGoal } from "../../../../local/engine/plan/goal.ts";
import { newState } from "../../../../local/engine/plan/new-state.ts";
import type { Op, Step } from "../../../../local/engine/plan/step.ts";
import { Recorder } from "../../../../local/engine/summary.ts";
import { STACK, thing } from "../scripted-run.ts";

function step(op: Op, name: string, parent?: string): Step {
  const urn = name === "stack" ? STACK : thing(name);
  const goal = newGoal("world:index:Thing", name, { parent });
  return { op, urn, new: newState({ goal, urn, inputs: {}, aliases: [], provider: undefined }) };
}

describe("the progress tree", () => {
  it("shows what changes below its parents, with its time and what it says, and leaves out what stays", () => {
    const tree = new ProgressTree();
    tree.update(step("same", "stack"), "done", 0);
    tree.update(step("create", "a", STACK), "done", 1000, 1000);
    tree.update(step("update", "b", STACK), "running", 2000);
    tree.update(step("same", "c", STACK), "done", 0);
    tree.update(step("create", "inside", thing("b")), "failed", 0, 500);
    tree.say(thing("b"), "1 of 2 pods ready");
    expect(tree.lines(5000)).toEqual([
      "✓   pulumi:pulumi:Stack scripted-dev",
      "  ✓ + world:index:Thing a 1.0 s",
      "  … ~ world:index:Thing b 3.0 s  1 of 2 pods ready",
      "    ✗ + world:index:Thing inside 0.5 s",
    ]);
  });

  it("leaves out what is settled where there is not room for all", () => {
    const tree = new ProgressTree();
    for (let i = 0; i < 10; i++) tree.update(step("create", `done-${i}`), "done", 0, 1);
    tree.update(step("create", "late"), "running", 0);
    const lines = tree.lines(0, 4);
    expect(lines).toHaveLength(4);
    expect(lines[0]).toBe("  … 8 more");
    expect(lines.at(-1)).toContain("late");
  });
});

describe("the terminal display", () => {
  it("redraws a tree on a terminal and writes lines elsewhere", () => {
    const texts = [true, false].map((isTTY) => {
      let text = "";
      const display = terminalDisplay({ isTTY, columns: 60, rows: 10, write: (more) => (text += more) });
      const recorder = new Recorder(display);
      display.started("up", "organization/p/dev");
      recorder.stepStarted(step("create", "a"));
      recorder.log("warning", "careful");
      recorder.stepDone(step("create", "a"), 1000);
      display.finished(recorder.summary({ action: "up", outputs: {}, showSecrets: false, durationMs: 1000 }));
      return text;
    });
    expect(texts[0]).toContain("… + world:index:Thing a");
    expect(texts[0]).toContain("\x1b[1A\x1b[0J");
    expect(texts[0]?.endsWith("✓ + world:index:Thing a 1.0 s\nup: 1 created (1.0 s)\n")).toBe(true);
    expect(texts[1]).not.toContain("\x1b");
    expect(texts[1]).toContain("+ world:index:Thing a: created (1.0 s)");
  });
});
