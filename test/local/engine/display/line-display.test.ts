import { describe, expect, it } from "vitest";
import { formatDrift } from "../../../../local/engine/display/format-drift.ts";
import { formatStep, formatValue } from "../../../../local/engine/display/format-step.ts";
import { formatSummary } from "../../../../local/engine/display/format-summary.ts";
import { lineDisplay } from "../../../../local/engine/display/line-display.ts";
import { Secret, UNKNOWN } from "../../../../local/engine/values/property-value.ts";
import type { PropertyMap } from "../../../../local/engine/values/property-value.ts";
import { newGoal } from "../../../../local/engine/plan/goal.ts";
import { newState } from "../../../../local/engine/plan/new-state.ts";
import { Recorder } from "../../../../local/engine/summary.ts";
import type { Drift } from "../../../../local/engine/plan/drift.ts";
import type { Step } from "../../../../local/engine/plan/step.ts";
import { thing } from "../scripted-run.ts";

function state(inputs: PropertyMap): NonNullable<Step["new"]> {
  const goal = newGoal("world:index:Thing", "web");
  return newState({ goal, urn: thing("web"), inputs, aliases: [], provider: undefined });
}

describe("a step in text", () => {
  it("shows each property that differs, secrets hidden and unknowns as such", () => {
    const old = state({ a: 1, b: "x", secret: new Secret("old"), same: 1, list: [1, 2] });
    const now = state({ a: 2, c: UNKNOWN, secret: new Secret("new"), same: 1, list: [1] });
    expect(formatStep({ op: "update", urn: thing("web"), old, new: now })).toEqual([
      "~ world:index:Thing web",
      "    ~ a: 1 → 2",
      '    - b: "x"',
      "    ~ secret: [secret] → [secret]",
      "    - list[1]: 2",
      "    + c: output<...>",
    ]);
  });

  it("shows a new value whole, so that the image of a new Deployment can be seen", () => {
    const image = `registry/web@sha256:${"a".repeat(64)}`;
    const containers = [{ name: "web", image, env: [{ name: "TOKEN", value: new Secret("t") }] }];
    const spec = { replicas: 2, selector: {}, template: { containers, nodes: UNKNOWN } };
    expect(formatStep({ op: "create", urn: thing("web"), new: state({ spec }) })).toEqual([
      "+ world:index:Thing web",
      "    + spec:",
      "        replicas: 2",
      "        selector: {}",
      "        template:",
      "          containers:",
      '            - name: "web"',
      `              image: "${image}"`,
      "              env:",
      '                - name: "TOKEN"',
      "                  value: [secret]",
      "          nodes: output<...>",
    ]);
  });

  it("says what forces a replacement", () => {
    const step: Step = {
      op: "replace",
      urn: thing("web"),
      old: state({ a: 1 }),
      new: state({ a: 2 }),
      replaceReasons: ["a"],
    };
    expect(formatStep(step)).toEqual([
      "+- world:index:Thing web (replace)",
      "    ~ a: 1 → 2  (forces replacement)",
    ]);
  });

  it("hides a secret inside a value, and cuts a long one", () => {
    expect(formatValue({ a: new Secret("x"), b: [UNKNOWN] })).toBe('{"a":[secret],"b":[output<...>]}');
    expect(formatValue("y".repeat(500))).toHaveLength(120);
  });
});

describe("the outputs in the summary of a preview", () => {
  it("are those that change, with what only an update tells in words", () => {
    const stack = (outputs: PropertyMap): NonNullable<Step["new"]> => ({
      ...state({}),
      type: "pulumi:pulumi:Stack",
      outputs,
    });
    const recorder = new Recorder(undefined);
    const now = { kept: "a", changed: 2, address: UNKNOWN };
    const step: Step = {
      op: "same",
      urn: thing("x"),
      old: stack({ kept: "a", changed: 1 }),
      new: stack(now),
    };
    recorder.stepDone(step, 1);
    const summary = recorder.summary({
      action: "preview",
      outputs: now,
      showSecrets: false,
      durationMs: 500,
    });
    expect(summary.outputs).toEqual({ kept: "a", changed: 2, address: "[unknown]" });
    expect(formatSummary(summary).slice(0, -1)).toEqual([
      "outputs:",
      "    address: [unknown]",
      "    changed: 2",
    ]);
  });
});

describe("drift in text", () => {
  const drift: Drift[] = [
    { urn: thing("web"), kind: "gone", changes: [] },
    {
      urn: thing("api"),
      kind: "changed",
      changes: [
        { path: "spec.replicas", kind: "update", old: 1, new: 3 },
        { path: "spec.token", kind: "update", old: "[secret]", new: "[secret]" },
        { path: "labels.team", kind: "delete", old: "ml" },
        { path: "labels.owner", kind: "add", new: "ops" },
      ],
    },
  ];

  it("names what is gone and what was changed, and what the run does about it", () => {
    expect(formatDrift(drift, "up")).toEqual([
      "2 resources are not as the last run left them; this run puts back what the program still wants:",
      "  - world:index:Thing web is gone",
      "  ~ world:index:Thing api was changed",
      "      spec.replicas: 1 → 3",
      "      spec.token: [secret] → [secret]",
      '      labels.team: "ml" was removed',
      '      labels.owner: "ops" was added',
    ]);
  });

  it("is counted at the end of a refresh", () => {
    const recorder = new Recorder(undefined);
    for (const name of ["web", "api", "db"]) recorder.stepDone({ op: "refresh", urn: thing(name) }, 1);
    recorder.drifted(drift);
    const summary = recorder.summary({ action: "refresh", outputs: {}, showSecrets: false, durationMs: 500 });
    expect(formatSummary(summary)).toEqual([
      "refresh: 1 as the last run left them, 1 changed, 1 gone (0.5 s)",
    ]);
  });
});

describe("the display of lines", () => {
  it("shows what is done, with its time, and not what stays, nor default providers", () => {
    const lines: string[] = [];
    const recorder = new Recorder(lineDisplay({ write: (line) => lines.push(line) }));
    recorder.stepDone({ op: "create", urn: thing("web"), new: state({}) }, 1234);
    recorder.stepDone({ op: "same", urn: thing("web"), new: state({}) }, 1);
    recorder.stepDone({ op: "create", urn: "urn:pulumi:d::p::pulumi:providers:world::default_1_0_0" }, 1);
    recorder.stepFailed({ op: "update", urn: thing("web") }, 1000, ["no\nway"]);
    recorder.status(thing("web"), "1 of 2 pods ready");
    recorder.log("debug", "nothing to see");
    recorder.log("warning", "careful", thing("web"));
    expect(lines).toEqual([
      "+ world:index:Thing web: created (1.2 s)",
      "! world:index:Thing web: failed to update (1.0 s)",
      "    no",
      "    way",
      "  world:index:Thing web: 1 of 2 pods ready",
      "  world:index:Thing web: warning: careful",
    ]);
  });

  it("ends with outputs and counts", () => {
    const recorder = new Recorder(undefined);
    recorder.stepDone({ op: "create", urn: thing("a"), new: state({}) }, 1);
    recorder.stepDone({ op: "same", urn: thing("b"), new: state({}) }, 1);
    const outputs = { url: "http://x", token: new Secret("t"), list: [1] };
    const summary = recorder.summary({ action: "preview", outputs, showSecrets: false, durationMs: 2000 });
    expect(formatSummary(summary)).toEqual([
      "outputs:",
      "    list: [1]",
      "    token: [secret]",
      "    url: http://x",
      "preview: 1 to create, 1 unchanged (2.0 s)",
    ]);
    expect(
      recorder.summary({ action: "up", outputs, showSecrets: true, durationMs: 1 }).outputs["token"],
    ).toBe("t");
  });
});
