import fc from "fast-check";
import { expect, test } from "vitest";
import { globalName, guidV5 } from "../../../components/azure/names.ts";
import { azureSubnets } from "../../../components/azure/subnets.ts";
import { AZURE_ROLES } from "../../../components/azure/roles.ts";

const DNS = "6ba7b810-9dad-11d1-80b4-00c04fd430c8";

test.each([
  // The first of RFC 9562, appendix A.4; the second of Python's documentation of uuid5.
  ["www.example.com", "2ed6657d-e927-568b-95e1-2665a8aea6a2"],
  ["python.org", "886313e1-3b8a-5372-9b90-0c9aee199e5d"],
])("derives the standard GUID of %s", (name, guid) => {
  expect(guidV5(name, DNS)).toBe(guid);
});

test("gives every name a GUID of version 5 that differs from any other name's", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (a, b) => {
      expect(guidV5(a)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      expect(guidV5(a) === guidV5(b)).toBe(a === b);
    }),
  );
});

test("names of storage accounts have at most 24 letters and digits, and differ between subscriptions", () => {
  const place = { tenant: "t", location: "westeurope", resourceGroupName: "g", tags: {} };
  const one = globalName({ ...place, prefix: "abcdefghijkl", subscription: "one" }, "flows2");
  expect(one).toMatch(/^[a-z0-9]{3,24}$/);
  expect(globalName({ ...place, prefix: "abcdefghijkl", subscription: "two" }, "flows2")).not.toBe(one);
});

test("divides a network into subnets that do not overlap", () => {
  const range = (cidr: string): [number, number] => {
    const [address = "", bits = ""] = cidr.split("/");
    const start = address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
    return [start, start + 2 ** (32 - Number(bits))];
  };
  const ranges = Object.values(azureSubnets("10.64.0.0/16", "network: addressSpace")).map(range);
  ranges.sort(([a], [b]) => a - b);
  for (const [index, [start]] of ranges.entries())
    expect(start).toBeGreaterThanOrEqual(ranges[index - 1]?.[1] ?? 0);
  expect(ranges.at(-1)?.[1]).toBeLessThanOrEqual(range("10.64.0.0/16")[1]);
});

test("refuses to divide a network that is not a /16", () => {
  expect(() => azureSubnets("10.64.0.0/20", "network: addressSpace")).toThrow(
    "network: addressSpace must be a /16 such as 10.64.0.0/16, got 10.64.0.0/20",
  );
});

test("knows each built-in role by a GUID of its own", () => {
  const ids = Object.values(AZURE_ROLES);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
});
