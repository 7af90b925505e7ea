import type { ResourceState } from "../state/resource-state.ts";
import { parseProviderReference } from "../urn.ts";

/** The urns that have to exist as long as a resource does. */
export function needs(state: ResourceState): Set<string> {
  const urns = new Set([...state.dependencies, ...Object.values(state.propertyDependencies).flat()]);
  if (state.parent) urns.add(state.parent);
  if (state.deletedWith) urns.add(state.deletedWith);
  if (state.provider) urns.add(parseProviderReference(state.provider).urn);
  return urns;
}

/** For each resource, those of the same set that need it and so have to go first. Linear in resources and edges. */
export function neededBy(states: readonly ResourceState[]): Map<ResourceState, ResourceState[]> {
  const byUrn = new Map<string, ResourceState[]>();
  for (const state of states) byUrn.set(state.urn, [...(byUrn.get(state.urn) ?? []), state]);
  const result = new Map<ResourceState, ResourceState[]>(states.map((state) => [state, []]));
  for (const state of states) {
    for (const urn of needs(state)) {
      for (const needed of byUrn.get(urn) ?? []) if (needed !== state) result.get(needed)?.push(state);
    }
  }
  return result;
}
