import { UNKNOWN_SENTINEL } from "../../local/engine/values/signatures.ts";
import { formatPath, parsePath, type PathElement } from "../../local/engine/values/property-path.ts";
import { parseProviderReference, parseUrn } from "../../local/engine/urn.ts";
import type { StepRecord } from "../../local/engine/summary.ts";

/** A value as it may be shown. */
export type Shown = { known: unknown } | "secret" | "known after apply";

export interface PropertyChange {
  path: string;
  kind: "add" | "delete" | "update";
  old?: Shown;
  new?: Shown;
  forcesReplacement: boolean;
}

/** Replaces a secret in a plan. */
export const SECRET = "[secret]";

/** Returns the changes of a step, property by property, from its detailed diff. */
export function propertyChanges(step: StepRecord): PropertyChange[] {
  const { detailedDiff = {}, replaceReasons = [], oldState, newState } = step;
  const changes = Object.entries(detailedDiff).map(([path, { kind, inputDiff }]) => {
    const forcesReplacement = kind.endsWith("-replace") || replaceReasons.includes(path);
    const plain = kind.replace("-replace", "") as PropertyChange["kind"];
    const elements = parsePath(path);
    const before = inputDiff ? oldState?.["inputs"] : (oldState?.["outputs"] ?? oldState?.["inputs"]);
    return {
      path,
      kind: plain,
      ...(plain === "add" ? {} : { old: shownAt(before, elements) }),
      ...(plain === "delete" ? {} : { new: shownAt(newState?.["inputs"], elements) }),
      forcesReplacement,
    };
  });
  const listed = new Set(changes.map(({ path }) => path));
  const unlisted = replaceReasons.filter((path) => !listed.has(path));
  return [
    ...changes,
    ...unlisted.map((path) => ({
      path,
      kind: "update" as const,
      ...(path === "provider" ? { old: providerOf(oldState), new: providerOf(newState) } : {}),
      forcesReplacement: true,
    })),
  ];
}

/** Returns the name of the provider of a resource: another provider is another place, such as a new cluster. */
function providerOf(state: StepRecord["oldState"]): Shown {
  const reference = state?.["provider"];
  if (typeof reference !== "string") return { known: null };
  return { known: parseUrn(parseProviderReference(reference).urn).name };
}

/** Returns the paths, at any depth, of values that are known only after apply. */
export function unknownPaths(value: unknown, at: readonly PathElement[] = []): string[] {
  if (value === UNKNOWN_SENTINEL) return [formatPath(at)];
  if (Array.isArray(value)) return value.flatMap((item, index) => unknownPaths(item, [...at, index]));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => unknownPaths(item, [...at, key]));
}

/** Returns the value at a path. A secret or unknown value on the way stands for everything inside it. */
function shownAt(root: unknown, path: readonly PathElement[]): Shown {
  let value = root;
  for (const element of path) {
    if (value === SECRET || value === UNKNOWN_SENTINEL) break;
    if (typeof value !== "object" || value === null) return { known: null };
    value = (value as Record<string, unknown>)[String(element)];
  }
  if (value === SECRET) return "secret";
  if (value === UNKNOWN_SENTINEL) return "known after apply";
  return { known: value ?? null };
}
