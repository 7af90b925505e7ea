import type { Journal } from "../state/journal.ts";
import type { ResourceState } from "../state/resource-state.ts";

/** Removes references to resources that are no longer in the state: a state may refer only to its own resources. */
export function forgetGone(journal: Journal): void {
  const states = journal.resources();
  const known = new Set(states.map(({ urn }) => urn));
  for (const state of states) if (forget(state, known)) journal.touch(state);
}

/** Returns true if a reference was removed. */
function forget(state: ResourceState, known: ReadonlySet<string>): boolean {
  let changed = false;
  const kept = (urns: string[]): string[] => {
    const left = urns.filter((urn) => known.has(urn));
    changed ||= left.length < urns.length;
    return left;
  };
  state.dependencies = kept(state.dependencies);
  for (const [key, urns] of Object.entries(state.propertyDependencies)) {
    state.propertyDependencies[key] = kept(urns);
  }
  for (const key of ["parent", "deletedWith"] as const) {
    const urn = state[key];
    if (urn === undefined || known.has(urn)) continue;
    delete state[key];
    changed = true;
  }
  return changed;
}
