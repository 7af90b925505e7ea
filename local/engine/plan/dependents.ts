import type { ResourceState } from "../state/resource-state.ts";
import { parseProviderReference } from "../urn.ts";

/** Returns the urns of the resources that a resource depends on. */
export function needs(state: ResourceState): Set<string> {
  const urns = new Set([...state.dependencies, ...Object.values(state.propertyDependencies).flat()]);
  if (state.parent) urns.add(state.parent);
  if (state.deletedWith) urns.add(state.deletedWith);
  if (state.provider) urns.add(parseProviderReference(state.provider).urn);
  return urns;
}

/**
 * Returns, for each resource, its dependents in the same set: they are deleted first. Linear in resources and edges.
 * @param states - in the order of the state, where a resource comes after its dependencies. A urn may occur twice, for a
 * resource and for the one that it replaced; a dependency means only earlier resources, so that there is never a cycle, even
 * if a stopped run had reversed a dependency
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
