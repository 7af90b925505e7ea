import type { PendingOperation, ResourceState } from "../state/resource-state.ts";
import { equalValues, forProvider, sealedOutputs, withSecretsOf } from "../values/values.ts";
import { isProviderType } from "../urn.ts";
import { driftOf } from "./drift.ts";
import type { Drift } from "./drift.ts";
import { Executor } from "./executor.ts";
import { forgetGone } from "./forget-gone.ts";
import { providerContext, reasonsOf, StepFailed } from "./run-context.ts";
import type { RunContext } from "./run-context.ts";

/** Reads every resource and updates the state, with a step for each; removes the resources that are gone. */
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
 * Refreshes the state before a program is planned, so that the plan starts from the actual resources. Adds no step to the plan.
 * Returns false if a resource could not be read; the listener has the reason.
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

/** Reports resources that could not be read for the same reason: an unreachable cluster is one reason for all its resources. */
function report({ listener, plansUnread }: RunContext, why: string, states: readonly ResourceState[]): void {
  const [state] = states;
  const many = states.length === 1 ? "1 resource" : `${states.length} resources`;
  if (plansUnread)
    listener.log(
      "warning",
      `${many} could not be read, so the plan assumes the state of the last run: ${why}`,
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

/** Reads one resource into the state. Returns its drift, if it has any. */
async function takeLive(run: RunContext, state: ResourceState): Promise<Drift | undefined> {
  const { journal, registry } = run;
  const provider = await registry.get(state.provider ?? "", () => journal.resources());
  const context = providerContext(run, state);
  const inputsThen = forProvider(state.inputs);
  const found = await provider.read(context, state.id ?? "", inputsThen, forProvider(state.outputs));
  // A replaced resource only waits for its deletion, and an external one is managed elsewhere: neither has drift.
  const isManaged = !state.delete && !state.external;
  if (!found) {
    journal.drop(state);
    journal.touch(state);
    const ended = journal.pending().filter((operation) => concerns(operation, state));
    if (ended.length > 0 && !run.preview) await journal.end(...ended);
    return isManaged ? { urn: state.urn, kind: "gone", changes: [] } : undefined;
  }
  const inputs = state.external ? state.inputs : withSecretsOf(found.inputs, state.inputs);
  const marked = withSecretsOf(found.outputs, state.outputs);
  const outputs = sealedOutputs(marked, state.inputs, state.additionalSecretOutputs);
  if (equalValues(inputs, state.inputs) && equalValues(outputs, state.outputs)) return undefined;
  const drift = isManaged ? driftOf(state, inputs) : undefined;
  Object.assign(state, { inputs, outputs, id: found.id, modified: new Date().toISOString() });
  journal.touch(state);
  return drift;
}

/** True for an interrupted update or deletion of this resource: once the resource is gone, there is nothing to finish. */
function concerns({ type, resource }: PendingOperation, { urn, id }: ResourceState): boolean {
  return type !== "creating" && resource.urn === urn && resource.id === id;
}
