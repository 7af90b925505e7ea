import type { ResourceState } from "../state/resource-state.ts";
import { equalValues, forProvider, withSecretKeys, withSecretsOf } from "../values/values.ts";
import { isProviderType } from "../urn.ts";
import { Executor } from "./executor.ts";
import { providerContext, StepFailed } from "./run-context.ts";
import type { RunContext } from "./run-context.ts";

/** Reads every managed resource as it is and takes that into the state; what is gone leaves it. */
export async function refreshAll(run: RunContext): Promise<void> {
  const executor = new Executor(run);
  const states = run.journal
    .remaining()
    .filter((state) => state.custom && state.id && !isProviderType(state.type));
  const outcomes = await Promise.allSettled(states.map((state) => refreshOne(run, executor, state)));
  for (const outcome of outcomes) {
    if (outcome.status === "rejected" && !(outcome.reason instanceof StepFailed)) throw outcome.reason;
  }
  forget(run);
  await run.journal.flush();
}

async function refreshOne(run: RunContext, executor: Executor, state: ResourceState): Promise<void> {
  const before = { ...state };
  await executor.attempt({ op: "refresh", urn: state.urn, old: before, new: state }, async () => {
    const provider = await run.registry.get(state.provider ?? "", () => run.journal.resources());
    const found = await provider.read(
      providerContext(run, state),
      state.id ?? "",
      forProvider(state.inputs),
      forProvider(state.outputs),
    );
    if (!found) {
      run.listener.log("info", "is gone, and leaves the state", state.urn);
      run.journal.drop(state);
      run.journal.touch(state);
      return;
    }
    const inputs = state.external ? state.inputs : withSecretsOf(found.inputs, state.inputs);
    const marked = withSecretsOf(withSecretsOf(found.outputs, state.inputs), state.outputs);
    const outputs = withSecretKeys(marked, state.additionalSecretOutputs);
    if (equalValues(inputs, state.inputs) && equalValues(outputs, state.outputs)) return;
    Object.assign(state, { inputs, outputs, id: found.id, modified: new Date().toISOString() });
    run.journal.touch(state);
  });
}

/** What stays must not depend on what left. */
function forget(run: RunContext): void {
  const states = run.journal.resources();
  const known = new Set(states.map(({ urn }) => urn));
  for (const state of states) {
    const dependencies = state.dependencies.filter((urn) => known.has(urn));
    if (dependencies.length === state.dependencies.length) continue;
    state.dependencies = dependencies;
    for (const [key, urns] of Object.entries(state.propertyDependencies)) {
      state.propertyDependencies[key] = urns.filter((urn) => known.has(urn));
    }
    run.journal.touch(state);
  }
}
