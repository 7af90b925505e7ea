import type { Conducted } from "./conduct.ts";

/** Returns the differences of two values, each as `PATH: engine VALUE, CLI VALUE`; a value that is not there is `nothing`. */
export function differences(engine: unknown, cli: unknown, path = ""): string[] {
  if (isMap(engine) && isMap(cli)) {
    const keys = [...new Set([...Object.keys(engine), ...Object.keys(cli)])].sort();
    return keys.flatMap((key) => differences(engine[key], cli[key], path === "" ? key : `${path} > ${key}`));
  }
  const [ours, theirs] = [shown(engine), shown(cli)];
  return ours === theirs ? [] : [`${path}: engine ${ours}, CLI ${theirs}`];
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function shown(value: unknown): string {
  return value === undefined ? "nothing" : JSON.stringify(sorted(value));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isMap(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}

/** Returns the differences of all steps of two runs of a case, and of what they left in the cluster. */
export function conductedDifferences(engine: Conducted, cli: Conducted): string[] {
  return [
    ...engine.steps.flatMap(({ comparable }, index) =>
      differences(comparable, cli.steps[index]?.comparable).map((text) => `step ${index + 1}: ${text}`),
    ),
    ...differences({ left: engine.left }, { left: cli.left }),
  ];
}
