import path from "node:path";
import { destroy, exportState, preview, refresh, up } from "../../local/engine/engine.ts";
import type { EngineOptions } from "../../local/engine/engine-options.ts";
import type { Summary } from "../../local/engine/summary.ts";
import { isDefaultProvider } from "../../local/engine/urn.ts";
import { PASSPHRASE, STACK, fullKeys, type Run } from "./run.ts";
import { comparableState, type Outcome } from "./outcome.ts";

const OPERATIONS = { up, preview, refresh, destroy };

/** Runs one operation with the offline engine. */
export async function runEngine(run: Run): Promise<Outcome> {
  const options: EngineOptions = {
    projectDir: run.projectDir,
    stack: STACK,
    backendDir: path.join(run.folder, "engine"),
    passphrase: PASSPHRASE,
    config: fullKeys(run.config),
    env: { ...process.env, KUBECONFIG: run.kubeconfig },
    parallel: run.parallel,
  };
  const summary = await OPERATIONS[run.operation](options);
  const state = (await exportState(options))?.deployment.resources ?? [];
  return {
    ok: summary.ok,
    ...stepsOf(summary),
    state: comparableState(state as never, { namespace: run.namespace }),
    messages: summary.failed.flatMap(({ urn, reasons }) => reasons.map((reason) => `${urn}: ${reason}`)),
  };
}

function stepsOf({ steps }: Summary): Pick<Outcome, "steps" | "diffs"> {
  const shown = steps.filter(({ urn }) => !isDefaultProvider(urn));
  return {
    steps: shown.map(({ op, urn }) => stepName(op, urn)).sort(),
    diffs: Object.fromEntries(
      shown
        .filter(({ op, detailedDiff }) => op !== "same" && detailedDiff !== undefined)
        .map(({ op, urn, detailedDiff }) => [stepName(op, urn), Object.keys(detailedDiff ?? {}).sort()]),
    ),
  };
}

/** `op type name`. */
export function stepName(op: string, urn: string): string {
  const [, , type = "", name = ""] = urn.split("::");
  return `${op} ${type.split("$").at(-1)} ${name}`;
}
