import type { PropertyMap } from "../values/property-value.ts";
import { packageOf } from "../urn.ts";
import type { ProviderSelection } from "./provider-selection.ts";
import type { RunContext } from "./run-context.ts";

/** A call of a provider's function, such as one that returns the keys of an existing database. */
export interface FunctionCall {
  /** Such as `azure-native:redisenterprise:listDatabaseKeys`. */
  token: string;
  args: PropertyMap;
  /** Reference to a provider, `URN::ID`. @default - the default one of the package */
  provider: string | undefined;
  version: string | undefined;
}

/** Calls a function of a provider. Throws if the provider has no functions. */
export async function invokeFunction(
  run: RunContext,
  providers: ProviderSelection,
  { token, args, provider, version }: FunctionCall,
): Promise<PropertyMap> {
  const reference = await providers.reference({
    type: token,
    custom: true,
    parent: undefined,
    provider,
    version,
  });
  if (reference === undefined) throw new Error(`${token}: must be a function of a package`);
  const called = await run.registry.get(reference, () => run.journal.resources());
  if (called.invoke === undefined)
    throw new Error(
      `${token}: the offline engine's provider of ${packageOf(token)} has no functions; pass the result in as config, or use the pulumi CLI`,
    );
  return called.invoke(token, args);
}
