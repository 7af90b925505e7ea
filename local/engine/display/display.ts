import type { Audience } from "../plan/step.ts";
import type { Summary } from "../summary.ts";

/** What a person sees of a run: how it goes, and at the end what it came to. */
export interface Display extends Audience {
  started(action: string, stack: string): void;
  finished(summary: Summary): void;
}
