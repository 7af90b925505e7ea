import { expect, test } from "vitest";
import { autoName, MAX_ROLE_NAME } from "../../../components/aws/auto-name.ts";

test("a name that fits with Pulumi's suffix is not changed", () => {
  const name = "n".repeat(56);
  expect(autoName(name, MAX_ROLE_NAME)).toBe(name);
});

test("a longer name is cut, and ends in a hash of the whole name", () => {
  const names = ["a", "b"].map((end) => autoName(`${"n".repeat(60)}${end}`, MAX_ROLE_NAME));
  expect(names[0]).toMatch(/^n{47}-[0-9a-f]{8}$/);
  expect(new Set(names).size).toBe(2);
});

test("the cut leaves no hyphen before that of the hash", () => {
  expect(autoName(`${"n".repeat(46)}-${"m".repeat(30)}`, MAX_ROLE_NAME)).toMatch(/^n{46}-[0-9a-f]{8}$/);
});
