import { lineProgress, type Progress } from "../local/progress.ts";

export interface StepTime {
  title: string;
  seconds: number;
}

/** Progress as lines. It also records the time of each outermost step. */
export function timedProgress(): Progress & { times: StepTime[] } {
  const inner = lineProgress();
  const times: StepTime[] = [];
  let depth = 0;
  return {
    times,
    note: (message) => inner.note(message),
    async step(title, work) {
      const start = Date.now();
      depth++;
      try {
        return await inner.step(title, work);
      } finally {
        depth--;
        if (depth === 0) times.push({ title, seconds: (Date.now() - start) / 1000 });
      }
    },
  };
}
