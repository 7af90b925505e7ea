import { readdirSync } from "node:fs";
import path from "node:path";

/** Cases that `npm test` runs: short ones that touch each part of the engine. */
const SAMPLE = [
  "alias",
  "component-tree",
  "config-map",
  "config-secrets",
  "order",
  "random",
  "replace-with-dependents",
  "secrets",
];

/** Names in `CONFORMANCE_CASES` of tests that are no case. */
const OTHER_TESTS = ["dev-stack", "existing-cluster"] as const;

/** Whether a test that is no case is to run: with all cases, or where `CONFORMANCE_CASES` names it. */
export function isChosen(
  test: (typeof OTHER_TESTS)[number],
  chosen = process.env["CONFORMANCE_CASES"],
): boolean {
  return chosen === undefined || chosen.split(",").includes(test);
}

/** Returns the names of the cases to run: all, the `sample`, or those that `CONFORMANCE_CASES` names, with commas between. */
export function chosenCases(chosen = process.env["CONFORMANCE_CASES"]): string[] {
  const names = readdirSync(path.join(import.meta.dirname, "cases")).map((file) => file.replace(/\.ts$/, ""));
  if (chosen === undefined) return names;
  const wanted =
    chosen === "sample"
      ? SAMPLE
      : chosen.split(",").filter((name) => !OTHER_TESTS.some((test) => test === name));
  const unknown = wanted.filter((name) => !names.includes(name));
  if (unknown.length > 0)
    throw new Error(
      `CONFORMANCE_CASES: must name cases of test/conformance/cases, got ${unknown.join(", ")}`,
    );
  return wanted;
}
