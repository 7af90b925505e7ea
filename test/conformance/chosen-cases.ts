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

/** Returns the names of the cases to run: all, the `sample`, or those that `CONFORMANCE_CASES` names, with commas between. */
export function chosenCases(chosen = process.env["CONFORMANCE_CASES"]): string[] {
  const names = readdirSync(path.join(import.meta.dirname, "cases")).map((file) => file.replace(/\.ts$/, ""));
  if (chosen === undefined) return names;
  const wanted = chosen === "sample" ? SAMPLE : chosen.split(",");
  const unknown = wanted.filter((name) => !names.includes(name));
  if (unknown.length > 0)
    throw new Error(
      `CONFORMANCE_CASES: must name cases of test/conformance/cases, got ${unknown.join(", ")}`,
    );
  return wanted;
}
