import type { PlannedResource } from "../estimate/planned-resource.ts";

/** Labels and taints of a pool, which decide where pods can run. */
export interface NodePlacement {
  labels: Readonly<Record<string, string>>;
  /** Keys of taints that keep pods off. */
  taints: readonly string[];
}

type Fields = Readonly<Record<string, unknown>>;

/** Labels and taints of a pool that a plan's resource makes; of an Azure cluster's own pools, `NAME/PROFILE`. */
export function nodePlacement({ type, name, inputs }: PlannedResource, pool: string): NodePlacement {
  if (type.startsWith("gcp:")) return placement(fields(inputs["nodeConfig"]), "labels", "taints");
  if (type.startsWith("aws:")) return placement(inputs, "labels", "taints");
  const profiles = inputs["agentPoolProfiles"];
  const own = Array.isArray(profiles)
    ? profiles.map(fields).find((profile) => `${name}/${String(profile["name"])}` === pool)
    : inputs;
  return placement(own ?? {}, "nodeLabels", "nodeTaints");
}

function placement(owner: Fields, labels: string, taints: string): NodePlacement {
  const listed = owner[taints];
  return {
    labels: Object.fromEntries(
      Object.entries(fields(owner[labels])).filter(
        (entry): entry is [string, string] => typeof entry[1] === "string",
      ),
    ),
    taints: (Array.isArray(listed) ? listed : []).map((taint) => keyOf(taint)),
  };
}

/** Azure writes a taint as `key=value:Effect`. */
function keyOf(taint: unknown): string {
  if (typeof taint === "string") return taint.split(/[=:]/)[0] ?? taint;
  return String(fields(taint)["key"]);
}

function fields(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}
