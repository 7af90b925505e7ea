import type { PlannedResource } from "../estimate/planned-resource.ts";

/** Labels and taints of a node pool, which decide which pods can run there. */
export interface NodePlacement {
  labels: Readonly<Record<string, string>>;
  /** Keys of the taints. */
  taints: readonly string[];
}

type Fields = Readonly<Record<string, unknown>>;

/** Returns the labels and taints of a node pool. Pools inside an AKS cluster resource are named `CLUSTER/PROFILE`. */
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

/** Returns the key of a taint: an object, or `key=value:Effect` on Azure. */
function keyOf(taint: unknown): string {
  if (typeof taint === "string") return taint.split(/[=:]/)[0] ?? taint;
  return String(fields(taint)["key"]);
}

function fields(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}
