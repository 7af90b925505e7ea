import type { z } from "zod";

/** Refuses the value at a path. @param fix - how to mend it; by default, an edit of the line */
export type Refuse = (path: string[], message: string, fix?: string) => void;

/** Returns the function that adds faults to a check of zod. */
export function refuseIn(context: z.RefinementCtx): Refuse {
  return (path, message, fix) =>
    context.addIssue({ code: "custom", path, message, ...(fix === undefined ? {} : { params: { fix } }) });
}
