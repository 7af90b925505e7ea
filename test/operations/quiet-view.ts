import type { StackView } from "../../operations/stack/stack-runner.ts";

/** A view that shows nothing and is never interrupted. */
export const quietView: StackView = {
  display: () => {
    throw new Error("no run is expected");
  },
  write: () => undefined,
  interruptible: (work) => work(new AbortController().signal),
};
