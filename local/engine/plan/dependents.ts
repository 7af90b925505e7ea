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

/**
 * For each resource, those of the same set that need it and so have to go first. Linear in resources and edges.
 * @param states - in the order of the state, where everything stands after what it needs. One urn may stand there twice, as
 * a resource and as one that it replaced: only what stands before a resource is meant by what it needs, so that there is
 * never a circle, not even where a stopped run had turned a dependency round
 */
export function neededBy(states: readonly ResourceState[]): Map<ResourceState, ResourceState[]> {
  const before = new Map<string, ResourceState[]>();
  const result = new Map<ResourceState, ResourceState[]>(states.map((state) => [state, []]));
  for (const state of states) {
    for (const urn of needs(state))
      for (const needed of before.get(urn) ?? []) result.get(needed)?.push(state);
    before.set(state.urn, [...(before.get(state.urn) ?? []), state]);
  }
  return result;
}
