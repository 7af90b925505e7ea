import type { ResourceState } from "../../../local/engine/state/resource-state.ts";
import { parseProviderReference } from "../../../local/engine/urn.ts";

/** What Pulumi's own VerifyIntegrity checks: everything that a resource refers to stands before it, once. */
export function brokenInvariants(states: readonly ResourceState[]): string[] {
  const broken: string[] = [];
  const seen = new Set<string>();
  const providers = new Set<string>();
  for (const state of states) {
    const { urn } = state;
    if (state.type.startsWith("pulumi:providers:")) providers.add(`${urn}::${state.id ?? ""}`);
    if (state.provider && !providers.has(state.provider))
      broken.push(`${urn}: unknown provider ${state.provider}`);
    if (state.provider) parseProviderReference(state.provider);
    if (state.parent && !seen.has(state.parent))
      broken.push(`${urn}: parent ${state.parent} does not stand before it`);
    const needs = [...state.dependencies, ...Object.values(state.propertyDependencies).flat()];
    if (state.deletedWith) needs.push(state.deletedWith);
    for (const need of needs) if (!seen.has(need)) broken.push(`${urn}: ${need} does not stand before it`);
    if (seen.has(urn) && !state.delete) broken.push(`${urn}: twice`);
    if (!state.delete) seen.add(urn);
    else seen.add(urn);
  }
  return broken;
}
