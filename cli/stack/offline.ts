import {
  destroy,
  preview,
  stackOutputs,
  stackResources,
  up,
  type EngineOptions,
} from "../../local/engine/engine.ts";
import { lineDisplay } from "../../local/engine/display/line-display.ts";
import type { Summary } from "../../local/engine/summary.ts";
import type { StackOptions, StackRunner, StackSummary } from "./stack-runner.ts";

/** Runs the stack with the offline engine: for machines without a pulumi CLI. */
export function offlineRunner(options: StackOptions, signal?: AbortSignal): StackRunner {
  const { projectDir, stack, backendDir, passphrase, config, kubeconfig } = options;
  const engine: EngineOptions = {
    projectDir,
    stack,
    backendDir,
    passphrase,
    config,
    env: kubeconfig === undefined ? process.env : { ...process.env, KUBECONFIG: kubeconfig },
    signal,
    display: lineDisplay({ write: (line) => console.log(line) }),
  };
  return {
    engine: "offline engine",
    preview: async () => succeeded(await preview(engine), stack),
    up: async () => succeeded(await up(engine), stack),
    destroy: async () => void succeeded(await destroy(engine), stack),
    outputs: () => stackOutputs(engine),
    resourceCount: async () => (await stackResources(engine)).length,
  };
}

function succeeded(summary: Summary, stack: string): StackSummary {
  if (summary.ok) return { counts: summary.counts, outputs: summary.outputs };
  const failed = summary.failed.map(({ urn }) => urn.split("::").at(-1) ?? urn).filter((name) => name !== "");
  throw new Error(
    `${summary.action} of stack ${stack} failed${failed.length === 0 ? "" : ` at ${failed.join(", ")}`}: the reasons are above; run it again when they are gone`,
  );
}
