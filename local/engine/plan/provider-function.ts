import type { PropertyMap } from "../providers/provider.ts";
import type { RunContext } from "./run-context.ts";

/** What a function of a provider returns; undefined where the provider has none, or the program names no provider. */
export type ProviderFunction = (
  token: string,
  args: PropertyMap,
  reference: string,
) => Promise<PropertyMap | undefined>;

/** Calls functions of the providers of a run. Of those that the engine brings along, none has any. */
export function providerFunctions({ registry, journal }: RunContext): ProviderFunction {
  return async (token, args, reference) => {
    if (reference === "") return undefined;
    const provider = await registry.get(reference, () => journal.resources());
    return provider.invoke?.(token, args);
  };
}
