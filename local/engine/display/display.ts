import type { Audience } from "../plan/step.ts";
import type { Summary } from "../summary.ts";

/** Shows a run to a person: its progress, and at the end its summary. */
export interface Display extends Audience {
  started(action: string, stack: string): void;
  finished(summary: Summary): void;
}
