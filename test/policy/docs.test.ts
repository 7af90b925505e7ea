import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { rules } from "../../policy/rules.ts";

const page = readFileSync(new URL("../../docs/policy.md", import.meta.url), "utf8");

test.each(rules)("docs/policy.md describes $name", ({ name, title, severity, source, config = {} }) => {
  const row = page.split("\n").find((line) => line.startsWith(`| \`${name}\``));
  const cells = row?.split("|").map((cell) => cell.trim());
  const properties = Object.keys(config).map((key) => `\`${key}\``);
  expect(cells?.slice(2, -1)).toEqual([title, severity, source.join(", "), properties.join(", ")]);
});
