import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { rules } from "../../policy/rules.ts";
import { judge, pathsOf, UNKNOWN, urnOf } from "./judge.ts";
import { bad, setAt } from "./violations/planned.ts";
import type { Planned } from "./violations/planned.ts";
import { violations } from "./violations/violations.ts";

function first(resources: readonly Planned[]): Planned {
  const [subject] = resources;
  if (!subject) throw new Error("a program has a resource");
  return subject;
}

/** The same resources, with what stands at these paths of the first not known yet. */
function withUnknown(resources: readonly Planned[], paths: readonly string[]): Planned[] {
  const [subject, ...rest] = structuredClone(resources) as Planned[];
  if (!subject) return [];
  // What lies deepest comes first: above it, the whole is unknown anyway.
  for (const path of [...paths].sort((a, b) => b.length - a.length)) setAt(subject.inputs, path, UNKNOWN);
  return [subject, ...rest];
}

/** Whether what stands at one path is above, at or below another. */
function touches(path: string, other: string): boolean {
  return path === other || path.startsWith(`${other}.`) || other.startsWith(`${path}.`);
}

test("every policy has an example of a violation", () => {
  const proven = new Set(violations.map(({ policy }) => policy));
  const unproven = rules.map(({ name }) => name).filter((name) => !proven.has(name));
  expect(unproven).toEqual(["platform-cost-ceiling", "platform-cost-known"]); // which cost.test.ts proves
});

test("names are unique and start with their area", () => {
  const names = rules.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) expect(name).toMatch(/^(kubernetes|aws|gcp|azure|platform)-[a-z0-9-]+$/);
});

// The forty checks that every scanner of these clouds has, by their ids in Checkov.
const FORTY = [
  ...[37, 38, 39, 58, 32, 51, 163, 19, 21, 53, 54, 55, 56, 29, 30, 31, 33, 61, 63].map(
    (id) => `CKV_AWS_${id}`,
  ),
  ...[18, 20, 25, 64, 66, 68, 69, 70, 71, 28, 29].map((id) => `CKV_GCP_${id}`),
  ...[5, 6, 7, 115, 141, 137, 139, 3, 34, 35].map((id) => `CKV_AZURE_${id}`),
];

test.each(FORTY)("%s is in the pack", (id) => {
  expect(FORTY).toHaveLength(40);
  expect(rules.filter(({ source }) => source.includes(id)).length).toBeGreaterThan(0);
});

describe.each(violations)("$policy", (violation) => {
  const { policy, good, set = {}, config, reads = [], blames } = violation;
  const options = config === undefined ? {} : { config };
  const faulty = bad(violation);

  it("reports the violation on its resource, with a fix", () => {
    const found = judge(policy, faulty, options);
    expect(found.map(({ urn }) => urn)).toEqual(found.map(() => urnOf(first(faulty))));
    expect(found.length, blames ?? "resource").toBeGreaterThan(0);
    expect(found[0]?.message).toMatch(/. To fix: /);
  });

  it("reports nothing for compliant resources and other types", () => {
    const complying = config && Object.keys(set).length === 0 ? {} : options;
    expect(judge(policy, good(policy), complying)).toEqual([]);
    const other = { name: "other", type: "random:index/randomPet:RandomPet", inputs: { length: 2 } };
    expect(judge(policy, [other], options)).toEqual([]);
  });

  it("does not report unknown values", () => {
    const complying = good(policy);
    const paths = fc.subarray(pathsOf(first(complying).inputs));
    fc.assert(
      fc.property(paths, (unknown) => {
        expect(judge(policy, withUnknown(complying, unknown), options)).toEqual([]);
      }),
      { numRuns: 25 },
    );
    const keys = [first(complying), first(faulty)].flatMap(({ inputs }) => Object.keys(inputs));
    const inputs = Object.fromEntries(keys.map((key) => [key, UNKNOWN]));
    const besides = violation.without !== undefined || violation.beside !== undefined;
    if (!besides && !violation.unprotect)
      expect(judge(policy, [{ ...first(faulty), inputs }], options)).toEqual([]);
  });

  it("still reports known values next to unknown ones", () => {
    const matters = [...Object.keys(set), ...reads];
    const others = pathsOf(first(faulty).inputs).filter((path) => !matters.some((own) => touches(path, own)));
    fc.assert(
      fc.property(fc.subarray(others), (unknown) => {
        expect(judge(policy, withUnknown(faulty, unknown), options).length).toBeGreaterThan(0);
      }),
      { numRuns: 25 },
    );
  });

  it("skips exempt resources until the exemption expires, and then says why", () => {
    const exempt = (exemption: Record<string, unknown>): string[] =>
      judge(policy, faulty, { config: { ...config, exemptions: [exemption] } }).map(({ message }) => message);
    const urn = `*::${first(faulty).name}`;
    expect(exempt({ urn, reason: "the vendor's image needs it", expires: "2026-11-23" })).toEqual([]);
    expect(exempt({ urn, reason: "the vendor's image needs it", expires: "2026-11-22" })[0]).toMatch(
      /exemption .* expired on 2026-11-22/,
    );
    expect(exempt({ urn, reason: " ", expires: "2026-12-31" })[0]).toMatch(/has no reason/);
    expect(exempt({ urn, reason: "a reason" })[0]).toMatch(/has no valid end/);
    expect(exempt({ urn: "*::another", reason: "a reason", expires: "2026-12-31" })[0]).not.toMatch(
      /exemption/,
    );
  });

  it("refuses unknown config", () => {
    expect(() => judge(policy, faulty, { config: { ...config, sometimes: true } })).toThrow(
      new RegExp(`^${policy}: config\\.`),
    );
  });
});
