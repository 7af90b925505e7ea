import fc from "fast-check";
import { expect, test } from "vitest";
import type { Shown } from "../../../cli/preview/property-changes.ts";
import { showChange } from "../../../cli/preview/show-value.ts";

const shown = (old: Shown, now: Shown): { old: string; new: string } =>
  showChange({ path: "p", kind: "update", forcesReplacement: false, old, new: now });

test.each<[Shown, Shown, string, string]>([
  [{ known: 1 }, { known: "a" }, "1", '"a"'],
  ["secret", "known after apply", "[secret]", "(known after apply)"],
  [{ known: { key: "[secret]" } }, { known: null }, '{"key":[secret]}', "null"],
])("%j and %j read %s and %s", (old, now, before, after) => {
  expect(shown(old, now)).toEqual({ old: before, new: after });
});

test("cuts long values to where they part", () => {
  const policy = (bucket: string): Shown => ({ known: `${"x".repeat(300)} of the bucket ${bucket}` });
  expect(shown(policy("old"), policy("new"))).toEqual({
    old: '…xxxxx of the bucket old"',
    new: '…xxxxx of the bucket new"',
  });
});

test("shows the beginning of a long value that is new", () => {
  const value = showChange({
    path: "p",
    kind: "add",
    forcesReplacement: false,
    new: { known: "y".repeat(300) },
  });
  expect(value.new).toBe(`"${"y".repeat(98)}…`);
});

test("never shows the same text for two values that differ", () => {
  fc.assert(
    fc.property(
      fc.string({ maxLength: 400 }),
      fc.string({ maxLength: 200 }),
      fc.string({ maxLength: 200 }),
      (start, a, b) => {
        fc.pre(a !== b);
        const { old, new: now } = shown({ known: start + a }, { known: start + b });
        expect(old).not.toBe(now);
        expect(Math.max(old.length, now.length)).toBeLessThanOrEqual(100);
      },
    ),
  );
});
