import fc from "fast-check";
import { expect, test } from "vitest";
import { subnets } from "../../../components/aws/ipv4-network.ts";

test("divides a /16 for three zones", () => {
  expect(subnets("10.0.0.0/16", 19, 19, 19, 24, 24, 24)).toEqual([
    "10.0.0.0/19",
    "10.0.32.0/19",
    "10.0.64.0/19",
    "10.0.96.0/24",
    "10.0.97.0/24",
    "10.0.98.0/24",
  ]);
});

/** First and last address of a network. */
function range(cidr: string): [number, number] {
  const [address = "", bits] = cidr.split("/");
  const base = address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  return [base, base + 2 ** (32 - Number(bits)) - 1];
}

test("subnets are inside their network, are aligned and do not overlap", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 255 }),
      fc.array(fc.integer({ min: 3, max: 10 }), { minLength: 1, maxLength: 8 }),
      (second, more) => {
        const parent = `10.${second}.0.0/16`;
        const bits = more.map((extra) => 16 + extra).sort((a, b) => a - b);
        const [first, last] = range(parent);
        let end = first - 1;
        for (const cidr of subnets(parent, ...bits)) {
          const [from, to] = range(cidr);
          expect(from).toBeGreaterThan(end);
          expect(from % (to - from + 1)).toBe(0);
          expect(to).toBeLessThanOrEqual(last);
          end = to;
        }
      },
    ),
  );
});

test.each([
  ["subnets that do not fit", () => subnets("10.0.0.0/16", 17, 17, 24), /must fit in/],
  ["a large subnet after a small one", () => subnets("10.0.0.0/16", 24, 19), /from large to small/],
  ["an address that is no network", () => subnets("10.0.0.1/16", 24), /must be an IPv4 network/],
  ["a number over 255", () => subnets("10.0.300.0/24", 26), /must be an IPv4 network/],
  ["text", () => subnets("ten", 24), /such as 10\.0\.0\.0\/16, got ten/],
])("refuses %s", (_what, run, message) => {
  expect(run).toThrow(message);
});
