/** Reason why the totals do not include a resource, or a part of it. */
export type UnpricedReason =
  "unknown value" | "unknown sku" | "unknown type" | "other region" | "usage priced";

export interface UnpricedResource {
  urn: string;
  type: string;
  name: string;
  why: UnpricedReason;
  /** The value or price that is missing, and how to add it. */
  detail: string;
}
