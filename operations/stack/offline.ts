import { setMaxListeners } from "node:events";
import { destroy, preview, stackOutputs, stackResources, up } from "../../local/engine/engine.ts";
import type { EngineOptions } from "../../local/engine/engine-options.ts";
import { terminalDisplay } from "../../local/engine/display/terminal-display.ts";
import type { Summary } from "../../local/engine/summary.ts";
import type { StackOptions, StackRunner, StackSummary } from "./stack-runner.ts";

/** Runs the stack with the offline engine: for machines without a pulumi CLI. */
export function offlineRunner(options: StackOptions): StackRunner {
  const { projectDir, stack, backendDir, passphrase, config, kubeconfig } = options;
  const engine: EngineOptions = {
    projectDir,
    stack,
    backendDir,
    passphrase,
    config,
    env: kubeconfig === undefined ? process.env : { ...process.env, KUBECONFIG: kubeconfig },
  };
  const run = async (operation: (options: EngineOptions) => Promise<Summary>): Promise<StackSummary> => {
    const display = terminalDisplay(process.stdout);
    return succeeded(await interruptible((signal) => operation({ ...engine, display, signal })), stack);
  };
  return {
    engine: "offline engine",
    preview: () => run(preview),
    up: () => run(up),
    destroy: async () => void (await run(destroy)),
    outputs: () => stackOutputs(engine),
    resourceCount: async () => (await stackResources(engine)).length,
  };
}

/** Turns the first Ctrl-C into a signal, so that what runs is finished and saved; the second ends the process as usual. */
async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal); // every resource that is worked on listens
  const interrupt = (): void => controller.abort();
  process.once("SIGINT", interrupt).once("SIGTERM", interrupt);
  try {
    return await work(controller.signal);
  } finally {
    process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
  }
}

function succeeded(summary: Summary, stack: string): StackSummary {
  if (summary.ok) return { counts: summary.counts, outputs: summary.outputs };
  const failed = summary.failed.map(({ urn }) => urn.split("::").at(-1) ?? urn).filter((name) => name !== "");
  throw new Error(
    `${summary.action} of stack ${stack} failed${failed.length === 0 ? "" : ` at ${failed.join(", ")}`}: the reasons are above; run it again when they are gone`,
  );
}
