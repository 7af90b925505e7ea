import type { PendingOperation, ResourceState } from "../state/resource-state.ts";
import { equalValues, forProvider, sealedOutputs, withSecretsOf } from "../values/values.ts";
import { isProviderType } from "../urn.ts";
import { driftOf } from "./drift.ts";
import type { Drift } from "./drift.ts";
import { Executor } from "./executor.ts";
import { forgetGone } from "./forget-gone.ts";
import { providerContext, reasonsOf, StepFailed } from "./run-context.ts";
import type { RunContext } from "./run-context.ts";

/** Reads every resource and takes what is really there into the state, with a step for each; what is gone leaves the state. */
export async function refreshAll(run: RunContext): Promise<void> {
  const executor = new Executor(run);
  const readAsStep = async (state: ResourceState): Promise<Drift | undefined> => {
    let drift: Drift | undefined;
    await executor.attempt({ op: "refresh", urn: state.urn, old: { ...state }, new: state }, async () => {
      drift = await takeLive(run, state);
    });
    return drift;
  };
  await refreshWith(run, readAsStep);
}

/**
 * Does the same before a program is planned, so that the plan starts from what is really there. It is no step of the plan.
 * Returns false where a resource could not be read, which the listener has then been told.
 */
export async function refreshFirst(run: RunContext): Promise<boolean> {
  const unread = new Map<string, ResourceState[]>();
  await refreshWith(run, (state) =>
    run.limit(async () => {
      run.signal.throwIfAborted();
      try {
        return await takeLive(run, state);
      } catch (error) {
        run.signal.throwIfAborted();
        const why = reasonsOf(error).join("\n");
        unread.set(why, [...(unread.get(why) ?? []), state]);
        return undefined;
      }
    }),
  );
  for (const [why, states] of unread) report(run, why, states);
  return unread.size === 0 || run.plansUnread === true;
}

/** Tells once why resources could not be read: a cluster that does not answer is one reason for all that it runs. */
function report({ listener, plansUnread }: RunContext, why: string, states: readonly ResourceState[]): void {
  const [state] = states;
  const many = states.length === 1 ? "1 resource" : `${states.length} resources`;
  if (plansUnread)
    listener.log(
      "warning",
      `${many} could not be read, so the plan takes for granted what the last run left: ${why}`,
    );
  else if (states.length === 1 && state)
    listener.stepFailed({ op: "refresh", urn: state.urn, old: state }, 0, [why]);
  else listener.fail(`${many} could not be read, so nothing was planned: ${why}`);
}

async function refreshWith(
  run: RunContext,
  read: (state: ResourceState) => Promise<Drift | undefined>,
): Promise<void> {
  const states = run.journal
    .remaining()
    .filter((state) => state.custom && state.id && !state.pendingReplacement && !isProviderType(state.type));
  const outcomes = await Promise.allSettled(states.map(read));
  for (const outcome of outcomes) {
    if (outcome.status === "rejected" && !(outcome.reason instanceof StepFailed)) throw outcome.reason;
  }
  forgetGone(run.journal);
  await run.journal.flush();
  const drift = outcomes.flatMap((outcome) =>
    outcome.status === "fulfilled" && outcome.value ? [outcome.value] : [],
  );
  if (drift.length > 0) run.listener.drifted?.(drift);
}

/** Takes one resource into the state as it is. Returns how that differs from what the last run left. */
async function takeLive(run: RunContext, state: ResourceState): Promise<Drift | undefined> {
  const { journal, registry } = run;
  const provider = await registry.get(state.provider ?? "", () => journal.resources());
  const context = providerContext(run, state);
  const inputsThen = forProvider(state.inputs);
  const found = await provider.read(context, state.id ?? "", inputsThen, forProvider(state.outputs));
  // What was replaced already is only waiting to be deleted, and what is only read is somebody else's to change.
  const isOurs = !state.delete && !state.external;
  if (!found) {
    journal.drop(state);
    journal.touch(state);
    const ended = journal.pending().filter((operation) => concerns(operation, state));
    if (ended.length > 0 && !run.preview) await journal.end(...ended);
    return isOurs ? { urn: state.urn, kind: "gone", changes: [] } : undefined;
  }
  const inputs = state.external ? state.inputs : withSecretsOf(found.inputs, state.inputs);
  const marked = withSecretsOf(found.outputs, state.outputs);
  const outputs = sealedOutputs(marked, state.inputs, state.additionalSecretOutputs);
  if (equalValues(inputs, state.inputs) && equalValues(outputs, state.outputs)) return undefined;
  const drift = isOurs ? driftOf(state, inputs) : undefined;
  Object.assign(state, { inputs, outputs, id: found.id, modified: new Date().toISOString() });
  journal.touch(state);
  return drift;
}

/** An update or a deletion that a stopped run began: nothing is left to finish once the resource is gone. */
function concerns({ type, resource }: PendingOperation, { urn, id }: ResourceState): boolean {
  return type !== "creating" && resource.urn === urn && resource.id === id;
}
