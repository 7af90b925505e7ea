import type { UnpricedReason } from "./unpriced.ts";

/** Thrown when a resource cannot be priced. The estimate catches it and adds the resource to `unpriced`. */
export class NotPriced extends Error {
  readonly why: UnpricedReason;

  constructor(why: UnpricedReason, detail: string) {
    super(detail);
    this.why = why;
  }
}
