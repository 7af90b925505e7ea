import type { UnpricedReason } from "./unpriced.ts";

/** Thrown while one resource is priced, and caught by the estimate: it lands in its `unpriced`. */
export class NotPriced extends Error {
  readonly why: UnpricedReason;

  constructor(why: UnpricedReason, detail: string) {
    super(detail);
    this.why = why;
  }
}
