import { NotPriced } from "./not-priced.ts";
import type { PlannedResource } from "./planned-resource.ts";
import { isUnknownValue } from "./unknown-value.ts";

/**
 * Finds the resource that a property references. It takes the first that exists: the resource that the value of the property
 * comes from, the one with the referenced id or name, the only one with the same parent, the only one in the plan. Undefined if
 * the plan does not have it. Throws NotPriced if several are possible.
 */
export function relatedResource(
  resource: PlannedResource,
  candidates: readonly PlannedResource[],
  property: string,
  references: readonly unknown[],
): PlannedResource | undefined {
  const sources = new Set(resource.propertyDependencies?.[property]);
  const source = candidates.find(({ urn }) => sources.has(urn));
  if (source !== undefined) return source;
  const known = references.filter((value) => typeof value === "string" && !isUnknownValue(value));
  if (known.length > 0)
    return candidates.find(({ id, name, inputs }) =>
      [id, name, inputs["id"], inputs["name"]].some((own) => known.includes(own)),
    );
  const siblings = candidates.filter(({ parent }) => parent === resource.parent);
  const possible = siblings.length > 0 ? siblings : candidates;
  if (possible.length > 1)
    throw new NotPriced(
      "unknown value",
      `${property} is known only after the deployment: it may be ${possible.map(({ name }) => name).join(" or ")}`,
    );
  return possible[0];
}
