import { NotPriced } from "./not-priced.ts";
import type { PlannedResource } from "./planned-resource.ts";
import { isUnknownValue } from "./unknown-value.ts";

/**
 * Finds the resource of a type that a resource refers to: the one that the property comes from, else the one with that
 * id or name, else the only one beside it or in the plan. Undefined where the plan does not have it. Throws NotPriced
 * where several could be meant.
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
  const beside = candidates.filter(({ parent }) => parent === resource.parent);
  const meant = beside.length > 0 ? beside : candidates;
  if (meant.length > 1)
    throw new NotPriced(
      "unknown value",
      `${property} is known only after the deployment: it may be ${meant.map(({ name }) => name).join(" or ")}`,
    );
  return meant[0];
}
