import { describe, expect, it } from "vitest";
import { readAutonaming } from "../../../../local/engine/plan/autonaming.ts";
import type { NamePlan } from "../../../../local/engine/plan/autonaming.ts";

const urn = "urn:pulumi:dev::shop::kubernetes:core/v1:ConfigMap::web";
const named = (autonaming: unknown, seed = "a"): NamePlan | undefined =>
  readAutonaming({ "pulumi:autonaming": JSON.stringify(autonaming), "shop:team": "ml" })?.(
    urn,
    Buffer.from(seed),
  );
const proposed = (pattern: string, seed?: string): string | undefined => {
  const plan = named({ pattern }, seed);
  return plan?.autonaming.mode === "disable" ? undefined : plan?.autonaming.proposedName;
};

describe("pulumi:autonaming", () => {
  it("leaves names to the provider where there is none, and with mode default", () => {
    expect(readAutonaming({})).toBeUndefined();
    expect(named({ mode: "default" })).toBeUndefined();
  });

  it("takes the name of the resource as it is with mode verbatim, so that a replacement deletes first", () => {
    expect(named({ mode: "verbatim" })).toEqual({
      autonaming: { mode: "enforce", proposedName: "web" },
      deleteBeforeReplace: true,
    });
  });

  it("asks for an error instead of a name with mode disabled, so that a replacement deletes first", () => {
    expect(named({ mode: "disabled" })).toEqual({
      autonaming: { mode: "disable" },
      deleteBeforeReplace: true,
    });
  });

  it("makes a name of a pattern, the same again from the same seed", () => {
    expect(proposed("${project}-${stack}-${name}-${config.team}-${config.shop:team}")).toBe(
      "shop-dev-web-ml-ml",
    );
    expect(proposed("${name}-${hex(6)}")).toMatch(/^web-[0-9a-f]{6}$/);
    expect(proposed("${num(70)}")).toMatch(/^\d{70}$/);
    expect(proposed("${uuid}")).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(proposed("${alphanum(8)}")).toBe(proposed("${alphanum(8)}"));
    expect(proposed("${alphanum(8)}")).not.toBe(proposed("${alphanum(8)}", "b"));
    expect(named({ pattern: "${name}-${string(4)}", enforce: true })).toEqual({
      autonaming: { mode: "enforce", proposedName: expect.stringMatching(/^web-[a-z]{4}$/) as string },
      deleteBeforeReplace: false,
    });
  });

  it("prefers the rule of a type to that of its package, and that to the stack's", () => {
    const type = "kubernetes:core/v1:ConfigMap";
    const ofPackage = { pattern: "p", resources: { [type]: { pattern: "t" } } };
    const nameOf = (setting: unknown): unknown => named(setting)?.autonaming;
    expect(nameOf({ mode: "verbatim", providers: { kubernetes: ofPackage } })).toMatchObject({
      proposedName: "t",
    });
    expect(nameOf({ mode: "verbatim", providers: { kubernetes: { pattern: "p" } } })).toMatchObject({
      proposedName: "p",
    });
    expect(nameOf({ mode: "verbatim", providers: { aws: { pattern: "p" } } })).toMatchObject({
      proposedName: "web",
    });
  });

  it.each([
    [{ mode: "short" }, /pulumi:autonaming.mode/],
    [{ patern: "x" }, /pulumi:autonaming.*patern/],
    ["verbatim", /pulumi:autonaming/],
  ])("refuses %j", (setting, message) => {
    expect(() => named(setting)).toThrow(message);
  });

  it("refuses an expression that it does not know", () => {
    expect(() => named({ pattern: "${name}-${random}" })).toThrow(/known expressions, got \${random}/);
  });
});
