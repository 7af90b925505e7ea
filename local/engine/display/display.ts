import type { Listener } from "../plan/step.ts";
import type { Summary } from "../summary.ts";

/** What a person sees of a run: how it goes, and at the end what it came to. */
export interface Display extends Listener {
  started(action: string, stack: string): void;
  finished(summary: Summary): void;
}
