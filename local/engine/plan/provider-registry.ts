import type { Provider, ProviderFactory } from "../provider.ts";
import type { PropertyMap } from "../values/property-value.ts";
import { UNKNOWN_SENTINEL } from "../values/signatures.ts";
import type { ResourceState } from "../state/resource-state.ts";
import { equalValues, forProvider } from "../values/values.ts";
import { packageOf, parseProviderReference } from "../urn.ts";

interface Loaded {
  provider: Promise<Provider>;
  inputs: PropertyMap;
}

/** A `pulumi:providers:*` resource. A planned one has no id. */
type ProviderIdentity = Pick<ResourceState, "urn" | "id" | "type">;

/** Properties of a provider resource that belong to the engine, not to the provider's config. */
const ENGINE_PROPERTIES = new Set(["version", "__internal", "pluginDownloadURL"]);

/**
 * The configured providers of a run, by reference (`URN::ID`). A replaced provider stays loaded beside the new one of the same
 * urn: it manages the old resources until they are deleted.
 */
export class ProviderRegistry {
  readonly #factory: ProviderFactory;
  readonly #preview: boolean;
  readonly #loaded = new Map<string, Loaded>();
  readonly #all: Promise<Provider>[] = [];

  constructor(factory: ProviderFactory, preview: boolean) {
    this.#factory = factory;
    this.#preview = preview;
  }

  /** Creates and configures the provider of a provider resource; does so again if its inputs changed. */
  load({ urn, id, type }: ProviderIdentity, inputs: PropertyMap): Promise<Provider> {
    const key = keyOf(urn, id);
    const known = this.#loaded.get(key);
    if (known && equalValues(known.inputs, inputs)) return known.provider;
    const provider = this.#make(packageOf(type), inputs);
    this.#loaded.set(key, { provider, inputs });
    this.#all.push(provider);
    provider.catch(() => undefined);
    return provider;
  }

  /** Returns the provider of a reference. If this run has not registered it, it is created from its inputs in the state. */
  async get(reference: string, states: () => readonly ResourceState[]): Promise<Provider> {
    const { urn, id } = parseProviderReference(reference);
    const known = this.#loaded.get(keyOf(urn, id));
    if (known) return known.provider;
    const candidates = states().filter((candidate) => candidate.urn === urn);
    const state =
      candidates.find((candidate) => keyOf(urn, candidate.id) === keyOf(urn, id)) ??
      candidates.find((candidate) => !candidate.delete);
    if (!state) throw new Error(`provider ${urn} is neither registered nor in the state`);
    return this.load({ urn, id: state.id, type: state.type }, state.inputs);
  }

  /** Returns the keys of a provider's config whose change leads to another place, such as another cluster. */
  async replacingKeys(type: string, oldInputs: PropertyMap, newInputs: PropertyMap): Promise<string[]> {
    const provider = this.#factory(packageOf(type), versionOf(newInputs));
    if (!provider?.diffConfig) return [];
    try {
      return (await provider.diffConfig(configOf(oldInputs), configOf(newInputs))).replaces;
    } finally {
      await provider.close();
    }
  }

  async close(): Promise<void> {
    for (const provider of this.#all) {
      const open = await provider.catch(() => undefined);
      await open?.close();
    }
  }

  async #make(packageName: string, inputs: PropertyMap): Promise<Provider> {
    const version = versionOf(inputs);
    const provider = this.#factory(packageName, version);
    if (!provider) throw new Error(unsupported(packageName, version));
    await provider.configure(configOf(inputs), this.#preview);
    return provider;
  }
}

function keyOf(urn: string, id: string | undefined): string {
  return `${urn}::${id || UNKNOWN_SENTINEL}`;
}

function versionOf(inputs: PropertyMap): string | undefined {
  return typeof inputs["version"] === "string" ? inputs["version"] : undefined;
}

function configOf(inputs: PropertyMap): PropertyMap {
  return Object.fromEntries(
    Object.entries(forProvider(inputs)).filter(([key]) => !ENGINE_PROPERTIES.has(key)),
  );
}

function unsupported(packageName: string, version: string | undefined): string {
  const name = version ? `${packageName} ${version}` : packageName;
  return `package ${name}: the offline engine has no provider for it; run the program with the pulumi CLI instead`;
}
