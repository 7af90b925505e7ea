import { setMaxListeners } from "node:events";
import { terminalDisplay } from "../local/engine/display/terminal-display.ts";
import type { StackView } from "../operations/stack/stack-runner.ts";

/** Shows runs of a stack on a stream. The first Ctrl-C aborts the signal of the run; the second ends the process as usual. */
export function terminalView(stream: NodeJS.WriteStream = process.stdout): StackView {
  return {
    display: () => terminalDisplay(stream),
    write: (text) => void stream.write(text),
    async interruptible(work) {
      const controller = new AbortController();
      setMaxListeners(0, controller.signal); // each resource in work adds a listener
      const interrupt = (): void => controller.abort();
      process.once("SIGINT", interrupt).once("SIGTERM", interrupt);
      try {
        return await work(controller.signal);
      } finally {
        process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
      }
    },
  };
}
