import type { AnalyzerInfo } from "@pulumi/pulumi/proto/analyzer_pb.js";

export const LEVELS = ["advisory", "mandatory", "disabled", "remediate"] as const;
export type EnforcementLevel = (typeof LEVELS)[number];

export interface PolicySettings {
  enforcementLevel: EnforcementLevel;
  properties: Record<string, unknown>;
}

type Json = Record<string, unknown>;

/**
 * Returns the settings of each policy, merged as by the CLI: defaults of its schema, then the pack's initial config, then the
 * user's config, where `all` sets the level of every policy. Throws on an unknown policy, level or property, and on a missing
 * required property.
 */
export function reconcileConfig(info: AnalyzerInfo, user: Json): Map<string, PolicySettings> {
  const names = new Set(info.getPoliciesList().map((policy) => policy.getName()));
  const unknown = Object.keys(user).find((name) => name !== "all" && !names.has(name));
  if (unknown !== undefined) {
    throw new Error(
      `config.${unknown}: must be the name of a policy of the pack, or all; it has ${[...names].join(", ")}`,
    );
  }
  const forAll = read("all", user["all"]).enforcementLevel;
  const settings = new Map<string, PolicySettings>();
  for (const policy of info.getPoliciesList()) {
    const name = policy.getName();
    const schema = (policy.getConfigschema()?.getProperties()?.toJavaScript() ?? {}) as Record<string, Json>;
    const defaults = Object.entries(schema)
      .filter(([, property]) => "default" in property)
      .map(([key, property]) => [key, property["default"]]);
    const initial = info.getInitialconfigMap().get(name);
    const own = read(name, user[name]);
    const stray = Object.keys(own.properties).find((key) => !(key in schema));
    if (stray !== undefined)
      throw new Error(`config.${name}.${stray}: is not a property of this policy's config`);
    const properties: Json = {
      ...(Object.fromEntries(defaults) as Json),
      ...(initial?.getProperties()?.toJavaScript() ?? {}),
      ...own.properties,
    };
    const missing = (policy.getConfigschema()?.getRequiredList() ?? []).find((key) => !(key in properties));
    const declared = LEVELS[(initial ?? policy).getEnforcementlevel()] ?? "advisory";
    const enforcementLevel = own.enforcementLevel ?? forAll ?? declared;
    if (missing !== undefined && enforcementLevel !== "disabled")
      throw new Error(`config.${name}.${missing}: is required`);
    settings.set(name, { enforcementLevel, properties });
  }
  return settings;
}

function read(name: string, value: unknown): { enforcementLevel?: EnforcementLevel; properties: Json } {
  if (value === undefined) return { properties: {} };
  if (typeof value === "string") return { enforcementLevel: level(name, value), properties: {} };
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new Error(`config.${name}: must be an enforcement level or a map, got ${JSON.stringify(value)}`);
  const { enforcementLevel, ...properties } = value as Json;
  return {
    ...(enforcementLevel === undefined ? {} : { enforcementLevel: level(name, enforcementLevel) }),
    properties,
  };
}

function level(name: string, value: unknown): EnforcementLevel {
  const found = LEVELS.find((candidate) => candidate === value);
  if (!found) {
    throw new Error(
      `config.${name}.enforcementLevel: must be one of ${LEVELS.join(", ")}, got ${JSON.stringify(value)}`,
    );
  }
  return found;
}
