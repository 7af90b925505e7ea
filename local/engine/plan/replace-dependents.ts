import { UNKNOWN } from "../values/property-value.ts";
import type { ResourceState } from "../state/resource-state.ts";
import { forProvider } from "../values/values.ts";
import { providerContext } from "./run-context.ts";
import type { RunContext } from "./run-context.ts";

/**
 * Returns the dependents that must be replaced together with a resource that is deleted before its replacement: those that would
 * be replaced if the properties that they take from deleted resources became unknown. The nearest come first.
 * @see pkg/resource/deploy/step_generator.go, calculateDependentReplacements
 */
export async function dependentReplacements(
  run: RunContext,
  root: ResourceState,
  candidates: readonly ResourceState[],
): Promise<ResourceState[]> {
  const going = new Set([root.urn]);
  const found: ResourceState[] = [];
  for (const state of candidates) {
    if (state === root || state.delete || state.pendingReplacement) continue;
    if (!(await mustGo(run, state, going))) continue;
    going.add(state.urn);
    found.push(state);
  }
  return found;
}

async function mustGo(run: RunContext, state: ResourceState, going: ReadonlySet<string>): Promise<boolean> {
  if (!state.custom || state.external || !state.provider) return false;
  const touched = Object.entries(state.propertyDependencies)
    .filter(([, urns]) => urns.some((urn) => going.has(urn)))
    .map(([key]) => key);
  if (touched.length === 0) return false;
  const inputs = { ...state.inputs };
  for (const key of touched) if (key in inputs) inputs[key] = UNKNOWN;
  const provider = await run.registry.get(state.provider, () => run.journal.resources());
  const diff = await provider.diff(
    providerContext(run, state),
    state.id ?? "",
    forProvider(state.inputs),
    forProvider(state.outputs),
    forProvider(inputs),
    { ignoreChanges: state.ignoreChanges, preview: true },
  );
  return diff.replaces.length > 0;
}
