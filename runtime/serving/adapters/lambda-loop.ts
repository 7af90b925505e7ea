import { RuntimeFault, describeError } from "../../errors.ts";
import type { Logger } from "../../log.ts";
import type { Invocation, LambdaRuntime } from "./lambda-runtime.ts";

export interface LambdaLoopOptions {
  runtime: LambdaRuntime;
  /** Answers one event, or throws. */
  answer: (event: unknown) => Promise<unknown>;
  log: Logger;
  /** Ends the loop after the present invocation is answered. */
  signal: AbortSignal;
  /** Time before Lambda's deadline at which an invocation is aborted, in milliseconds. @default 200 */
  marginMs?: number;
}

/**
 * Answers one invocation after the other until `signal` is aborted. An invocation that takes too long is reported as an error just
 * before Lambda would kill the process, so that the model stays loaded for the next one.
 */
export async function lambdaLoop(options: LambdaLoopOptions): Promise<void> {
  const { runtime, answer, log, signal, marginMs = 200 } = options;
  while (!signal.aborted) {
    let invocation: Invocation;
    try {
      invocation = await runtime.next(signal);
    } catch (error) {
      if (signal.aborted) return;
      throw error;
    }
    const { id, event, deadlineMs } = invocation;
    try {
      await runtime.respond(id, await before(deadlineMs - marginMs, answer(event)));
    } catch (error) {
      log.error("invocation failed", {
        requestId: id,
        error: describeError(error),
        ...(error instanceof RuntimeFault || !(error instanceof Error) ? {} : { stack: error.stack }),
      });
      await runtime.fail(id, error);
    }
  }
}

/** Rejects with InvocationTimeout at `limitMs` (Unix milliseconds). */
async function before<T>(limitMs: number, work: Promise<T>): Promise<T> {
  if (limitMs === Infinity) return work;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const waitMs = Math.max(0, Math.min(limitMs - Date.now(), 2 ** 31 - 1));
    timer = setTimeout(() => reject(new InvocationTimeout()), waitMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

class InvocationTimeout extends RuntimeFault {
  constructor() {
    super(
      "timeout",
      504,
      "lambda: must answer before the function's timeout; send fewer rows or raise the timeout",
    );
    this.name = "InvocationTimeout";
  }
}
