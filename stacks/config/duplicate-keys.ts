import { isPair, isScalar, visit, type Document, type LineCounter, type Node, type Pair } from "yaml";
import type { ConfigProblem } from "./config-problem.ts";

/** Finds every key that a map of a YAML document has twice, with the line of the first. Pulumi refuses such a file. */
export function duplicateKeys(document: Document, lines: LineCounter): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  visit(document, {
    Map(_key, map, ancestors) {
      const firstLines = new Map<string, number>();
      for (const pair of map.items) {
        const name = keyOf(pair);
        const line = lines.linePos((pair.key as Node).range?.[0] ?? 0).line;
        const first = firstLines.get(name);
        if (first === undefined) firstLines.set(name, line);
        else
          problems.push({
            line,
            path: [...pathOf(ancestors), name].join("."),
            message: `must be written once, and line ${first} has it too`,
            fix: "keep one of the two",
          });
      }
    },
  });
  return problems;
}

/** Keys from below `config` down to a map, from the nodes above it. */
function pathOf(ancestors: readonly unknown[]): string[] {
  const keys = ancestors.flatMap((node) => (isPair(node) ? [keyOf(node)] : []));
  return keys[0] === "config" ? keys.slice(1) : keys;
}

function keyOf({ key }: Pair): string {
  return String(isScalar(key) ? key.value : key);
}
