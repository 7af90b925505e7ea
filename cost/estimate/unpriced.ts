/** Why a resource, or a part of it, is not in the totals. */
export type UnpricedReason =
  "unknown value" | "unknown sku" | "unknown type" | "other region" | "usage priced";

export interface UnpricedResource {
  urn: string;
  type: string;
  name: string;
  why: UnpricedReason;
  /** What is not known or not in the table, and how to price it. */
  detail: string;
}
