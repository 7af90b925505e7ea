/** Reports the progress of long work to a person. */
export interface Progress {
  /** Runs `work` as a named step: prints its start, its elapsed time, and whether it was cached or skipped. */
  step<T>(title: string, work: (step: Step) => Promise<T>): Promise<T>;
  /** Prints one line outside of any step. */
  note: (message: string) => void;
}

export interface Step {
  /** Shows the current activity of the step; replaces the line before it on a terminal. */
  update(message: string): void;
  /** Marks that the step had nothing to do; printed instead of "done". */
  cached(reason?: string): void;
  /** Marks that the step could not be done and is not needed; printed instead of "done". */
  skipped(reason: string): void;
}

const seconds = (since: number): string => `${((Date.now() - since) / 1000).toFixed(1)} s`;

/** Reports progress as plain lines, for logs and terminals. `write` gets one line without its line end. */
export function lineProgress(write: (line: string) => void = (line) => console.log(line)): Progress {
  let depth = 0;
  const say = (line: string): void => write("  ".repeat(depth) + line);
  return {
    note: say,
    async step(title, work) {
      const start = Date.now();
      let outcome = "done";
      say(`▸ ${title}`);
      depth++;
      try {
        const result = await work({
          update: (message) => say(`· ${message}`),
          cached: (reason) => (outcome = reason === undefined ? "cached" : `cached: ${reason}`),
          skipped: (reason) => (outcome = `skipped: ${reason}`),
        });
        depth--;
        say(`✓ ${title} (${outcome}, ${seconds(start)})`);
        return result;
      } catch (error) {
        depth--;
        say(`✗ ${title} (failed after ${seconds(start)})`);
        throw error;
      }
    },
  };
}

/** Reports nothing, for tests. */
export const silentProgress: Progress = lineProgress(() => {});
