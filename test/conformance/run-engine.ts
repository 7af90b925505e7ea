import { destroy, exportState, preview, refresh, up } from "../../local/engine/engine.ts";
import type { Display } from "../../local/engine/display/display.ts";
import type { EngineOptions } from "../../local/engine/engine-options.ts";
import type { PropertyDiff } from "../../local/engine/provider.ts";
import { crypterFor, decryptDeployment } from "../../local/engine/state/backend.ts";
import { serializeResource, type SecretWriter } from "../../local/engine/state/serialize.ts";
import { isDefaultProvider } from "../../local/engine/urn.ts";
import { SECRET_SIGNATURE, SIGNATURE_KEY } from "../../local/engine/values/signatures.ts";
import type { Outcome, StateResource } from "./outcome.ts";
import { PASSPHRASE, STACK, type Run } from "./run.ts";

const OPERATIONS = { up, preview, refresh, destroy };

/** Runs one operation with the offline engine. */
export async function runEngine(run: Run): Promise<Outcome> {
  const { display, times } = clockedDisplay();
  const options: EngineOptions = {
    projectDir: run.projectDir,
    stack: STACK,
    backendDir: run.backendDir,
    passphrase: PASSPHRASE,
    env: { ...process.env, KUBECONFIG: run.kubeconfig },
    parallel: run.parallel,
    display,
  };
  const before = await decryptedState(options);
  try {
    const summary = await OPERATIONS[run.operation](options);
    return {
      ok: summary.ok,
      steps: summary.steps
        .filter(({ urn }) => !isDefaultProvider(urn))
        .map(({ op, urn, detailedDiff }) => ({
          op,
          urn,
          started: times.get(`start ${op} ${urn}`) ?? 0,
          ended: times.get(`end ${op} ${urn}`) ?? 0,
          ...(detailedDiff ? { diff: kindsOf(detailedDiff) } : {}),
        })),
      failed: summary.failed.flatMap(({ urn }) => (urn === "" ? [] : [urn])),
      before,
      after: await decryptedState(options),
      ...(run.operation === "preview" ? { previewOutputs: summary.outputs } : {}),
      messages: summary.failed.flatMap(({ urn, reasons }) => reasons.map((reason) => `${urn}: ${reason}`)),
    };
  } catch (error) {
    // The run could not start.
    const messages = [error instanceof Error ? error.message : String(error)];
    return { ok: false, steps: [], failed: [], before, after: await decryptedState(options), messages };
  }
}

function kindsOf(diff: Record<string, PropertyDiff>): Record<string, string> {
  return Object.fromEntries(Object.entries(diff).map(([path, { kind }]) => [path, kind]));
}

/** A display that notes the order of the events. */
function clockedDisplay(): { display: Display; times: Map<string, number> } {
  const times = new Map<string, number>();
  let now = 0;
  const nothing = (): void => undefined;
  const display: Display = {
    started: nothing,
    stepStarted: ({ op, urn }) => void times.set(`start ${op} ${urn}`, ++now),
    stepDone: ({ op, urn }) => void times.set(`end ${op} ${urn}`, ++now),
    stepFailed: nothing,
    skipped: nothing,
    status: nothing,
    log: nothing,
    finished: nothing,
  };
  return { display, times };
}

const plaintext: SecretWriter = (text) => ({ [SIGNATURE_KEY]: SECRET_SIGNATURE, plaintext: text });

async function decryptedState(options: EngineOptions): Promise<StateResource[]> {
  const deployment = (await exportState(options))?.deployment;
  if (!deployment) return [];
  const { resources } = decryptDeployment(deployment, await crypterFor(deployment, PASSPHRASE));
  return resources.map((state) => serializeResource(state, plaintext) as unknown as StateResource);
}
