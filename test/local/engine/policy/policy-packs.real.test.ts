import { readFileSync } from "node:fs";
import path from "node:path";
import { beforeEach, expect, it } from "vitest";
import { preview, up } from "../../../../local/engine/engine.ts";
import type { EngineOptions } from "../../../../local/engine/engine-options.ts";
import { lineDisplay } from "../../../../local/engine/display/line-display.ts";
import { PolicyPackError } from "../../../../local/engine/policy/policy-violation.ts";
import type { Summary } from "../../../../local/engine/summary.ts";
import { temporaryFolder } from "../scripted-run.ts";
import { World } from "../world.ts";

let backendDir: string;
let world: World;
let lines: string[];

beforeEach(() => {
  backendDir = temporaryFolder();
  world = new World(path.join(backendDir, "world.json"));
  lines = [];
});

function options(
  pack: string,
  policyConfig: Record<string, unknown> = {},
  config: Record<string, string> = {},
): EngineOptions {
  return {
    projectDir: path.join(import.meta.dirname, "program"),
    stack: "dev",
    backendDir,
    passphrase: "correct horse",
    config,
    policyPacks: [{ path: path.join(import.meta.dirname, "packs", pack), config: policyConfig }],
    providers: (name) => (name === "world" ? world.provider() : undefined),
    display: lineDisplay({ write: (line) => lines.push(line) }),
  };
}

function found(summary: Summary): string[] {
  return summary.policy.violations
    .map(({ policy, enforcement, urn }) => `${enforcement} ${policy} ${urn?.split("::").at(-1)}`)
    .sort();
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

it("reports every violation of a preview, and passes over what is not known yet", async () => {
  const summary = await preview(options("tiny", {}, { many: "true" }));
  expect(found(summary)).toEqual([
    "advisory advice group-thing",
    "advisory no-bad-spec unknown", // the SDK's own word that it could not judge
    "mandatory no-bad-spec bad",
    "mandatory not-too-many first",
  ]);
  expect(summary.ok).toBe(false);
  expect(summary.failed).toEqual([]);
  const bad = summary.policy.violations.find(({ urn }) => urn?.endsWith("::bad"));
  expect(bad).toEqual({
    pack: "tiny",
    packVersion: "1.2.3", // PulumiPolicy.yaml stands above package.json, as for the CLI
    policy: "no-bad-spec",
    urn: "urn:pulumi:dev::judged::world:index:Thing::bad",
    enforcement: "mandatory",
    severity: "high",
    message: "A spec must not be bad.\nfound bad",
  });
  expect(summary.policy.packs).toEqual([
    {
      name: "tiny",
      version: "1.2.3",
      policies: ["adds-owner", "advice", "no-bad-spec", "not-too-many", "notes"],
    },
  ]);
  expect(lines).toContain("! policy no-bad-spec (mandatory, high): world:index:Thing bad");
});

it("creates nothing that violates a mandatory policy, and what a remediation gave for the rest", async () => {
  const summary = await up(options("tiny"));
  expect(summary.ok).toBe(false);
  expect(summary.failed).toEqual([
    {
      urn: "urn:pulumi:dev::judged::world:index:Thing::bad",
      reasons: ["policy no-bad-spec: A spec must not be bad.\nfound bad"],
    },
  ]);
  const things = Object.values(world.things());
  expect(things).toHaveLength(3);
  const pid = Number(/pid (\d+)/.exec(lines.join("\n"))?.[1]);
  expect(pid).toBeGreaterThan(1);
  await expect.poll(() => isRunning(pid)).toBe(false);
  expect(things.map(({ inputs }) => inputs["owner"])).toEqual(["policy", "policy", "policy"]);
});

it("takes levels and properties from config, and shows a policy what the CLI would", async () => {
  const file = path.join(backendDir, "notes.jsonl");
  const config = {
    all: "advisory",
    "no-bad-spec": { bad: "fine", enforcementLevel: "disabled" },
    notes: { file },
  };
  const summary = await up(options("tiny", config, { protect: "true" }));
  expect(summary.ok).toBe(true);
  expect(summary.failed).toEqual([]);
  expect(found(summary)).toEqual([
    "advisory adds-owner after-bad",
    "advisory adds-owner bad",
    "advisory adds-owner first",
    "advisory adds-owner unknown",
    "advisory not-too-many first",
    "advisory switched-off after-bad",
    "advisory switched-off bad",
    "advisory switched-off default",
    "advisory switched-off first",
    "advisory switched-off judged-dev",
    "advisory switched-off unknown",
  ]);
  const notes = readFileSync(file, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const last = notes.find(({ urn }) => String(urn).endsWith("::after-bad"));
  expect(last).toMatchObject({
    provider: "pulumi:providers:world",
    opts: { protect: true, parent: expect.stringContaining("pulumi:pulumi:Stack") as string, aliases: [] },
  });
  expect(last?.["keys"]).toEqual(expect.arrayContaining(["spec", "label", "name"]));
});

it.each([
  ["broken", {}, /this pack does not load/],
  ["throws", {}, /a bug in the policy/],
  ["nowhere", {}, /has no PulumiPolicy.yaml/],
  ["tiny", { nothing: "advisory" }, /config\.nothing: must be the name of a policy/],
  ["tiny", { advice: "sometimes" }, /config\.advice\.enforcementLevel: must be one of/],
  ["tiny", { advice: { extra: 1 } }, /config\.advice\.extra: is not a property of this policy/],
])(
  "throws PolicyPackError for the pack %s with config %j, and creates nothing",
  async (pack, config, why) => {
    const error: unknown = await up(options(pack, config)).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(PolicyPackError);
    expect((error as Error).message).toMatch(why);
    expect(world.things()).toEqual({});
  },
);

it("ends at an interrupt, and leaves no pack running", async () => {
  const controller = new AbortController();
  setTimeout(() => controller.abort(new Error("interrupted")), 1500);
  const started = performance.now();
  await up({ ...options("tiny"), signal: controller.signal });
  expect(performance.now() - started).toBeLessThan(20_000);
});
