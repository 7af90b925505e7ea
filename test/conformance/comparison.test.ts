import { readFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import type { Case } from "./case.ts";
import { chosenCases } from "./chosen-cases.ts";
import { comparableOutcome } from "./comparable.ts";
import { differences } from "./differences.ts";
import { orderViolations } from "./order.ts";
import type { Outcome, StateResource } from "./outcome.ts";

const urn = (name: string): string => `urn:pulumi:test::conformance::kubernetes:core/v1:ConfigMap::${name}`;
const resource = (name: string, more: Partial<StateResource> = {}): StateResource => ({
  urn: urn(name),
  type: "kubernetes:core/v1:ConfigMap",
  custom: true,
  ...more,
});
const nothing: Outcome = { ok: true, steps: [], failed: [], before: [], after: [], messages: [] };

describe("the comparison of two engines", () => {
  it("finds a resource that was made before the one that it depends on was done", () => {
    const after = [resource("a"), resource("b", { dependencies: [urn("a")] })];
    const steps = [
      { op: "create", urn: urn("b"), started: 2, ended: 4 },
      { op: "create", urn: urn("a"), started: 1, ended: 3 },
    ];
    expect(orderViolations({ ...nothing, after, steps })).toHaveLength(1);
    expect(
      orderViolations({ ...nothing, after, steps: steps.map((step) => ({ ...step, ended: 1 })) }),
    ).toEqual([]);
  });

  it("finds a resource that was deleted before the one that depends on it was gone", () => {
    const before = [resource("a"), resource("b", { dependencies: [urn("a")] })];
    const steps = [
      { op: "delete", urn: urn("a"), started: 1, ended: 2 },
      { op: "delete", urn: urn("b"), started: 3, ended: 4 },
    ];
    expect(orderViolations({ ...nothing, before, steps })).toHaveLength(1);
  });

  it.each(chosenCases())("expects of %s only differences that docs/offline-engine.md lists", async (name) => {
    const { default: each } = (await import(`./cases/${name}.ts`)) as { default: Case };
    const page = await readFile(path.join(import.meta.dirname, "../../docs/offline-engine.md"), "utf8");
    for (const { documented } of each.expectedDifferences ?? []) expect(page).toContain(documented);
  });

  it("makes alike what differs from run to run, and nothing else", () => {
    const of = (suffix: string, value: string): Record<string, unknown> => {
      const inputs = { name: `map-${suffix}`, namespace: "ns", value };
      return comparableOutcome({ ...nothing, after: [resource("a", { inputs, created: suffix })] }, "ns");
    };
    expect(differences(of("0a1b2c3d", "x"), of("d3c2b1a0", "x"))).toEqual([]);
    expect(differences(of("0a1b2c3d", "x"), of("d3c2b1a0", "y"))).toEqual([
      'state > kubernetes:core/v1:ConfigMap a > inputs > value: engine "x", CLI "y"',
    ]);
  });
});
