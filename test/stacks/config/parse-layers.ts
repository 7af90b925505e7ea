import { FOUNDATION_KEYS } from "../../../stacks/config/layer.ts";
import type { StackConfig } from "../../../stacks/config/schema.ts";
import { parsePlatform } from "../stack.ts";

/** Parses the config of a platform. With a managed cluster, the keys of a foundation are in the file of that stack. */
export function parseLayers(keys: Readonly<Record<string, unknown>>): StackConfig {
  const { cluster } = keys as { cluster?: { kind?: unknown } };
  const present = Object.entries(keys).filter(([, value]) => value !== undefined);
  if (cluster?.kind === undefined || cluster.kind === "existing") return parsePlatform(toRaw(present));
  const isShared = ([key]: [string, unknown]): boolean => FOUNDATION_KEYS.includes(key);
  const own = present.filter((entry) => !isShared(entry));
  const foundation = Object.fromEntries(present.filter(isShared));
  return parsePlatform(toRaw([...own, ["cluster", { kind: "foundation", stack: "base" }]]), {
    file: "Pulumi.base.yaml",
    values: foundation,
  });
}

function toRaw(entries: readonly (readonly [string, unknown])[]): Record<string, string> {
  return Object.fromEntries(entries.map(([key, value]) => [`slipway:${key}`, JSON.stringify(value)]));
}
