import type { Provider, ProviderFactory } from "../provider.ts";
import type { PropertyMap } from "../values/property-value.ts";
import type { ResourceState } from "../state/resource-state.ts";
import { equalValues, forProvider } from "../values/values.ts";
import { packageOf, parseProviderReference } from "../urn.ts";

interface Loaded {
  provider: Promise<Provider>;
  inputs: PropertyMap;
}

/** Properties of a provider resource that are the engine's own and no config of the provider. */
const ENGINE_PROPERTIES = new Set(["version", "__internal", "pluginDownloadURL"]);

/** The configured providers of a run, by the urn of their provider resource. */
export class ProviderRegistry {
  readonly #factory: ProviderFactory;
  readonly #preview: boolean;
  readonly #loaded = new Map<string, Loaded>();
  readonly #all: Promise<Provider>[] = [];

  constructor(factory: ProviderFactory, preview: boolean) {
    this.#factory = factory;
    this.#preview = preview;
  }

  /** Makes and configures the provider of a provider resource; again if its inputs changed. */
  load(urn: string, type: string, inputs: PropertyMap): Promise<Provider> {
    const known = this.#loaded.get(urn);
    if (known && equalValues(known.inputs, inputs)) return known.provider;
    const provider = this.#make(packageOf(type), inputs);
    this.#loaded.set(urn, { provider, inputs });
    this.#all.push(provider);
    provider.catch(() => undefined);
    return provider;
  }

  /** The provider behind a reference. One that this run has not registered is made from what the state says of it. */
  async get(reference: string, states: () => readonly ResourceState[]): Promise<Provider> {
    const { urn } = parseProviderReference(reference);
    const known = this.#loaded.get(urn);
    if (known) return known.provider;
    const state = states().find((candidate) => candidate.urn === urn && !candidate.delete);
    if (!state) throw new Error(`provider ${urn} is neither registered nor in the state`);
    return this.load(urn, state.type, state.inputs);
  }

  async close(): Promise<void> {
    for (const provider of this.#all) {
      const open = await provider.catch(() => undefined);
      await open?.close();
    }
  }

  async #make(packageName: string, inputs: PropertyMap): Promise<Provider> {
    const version = typeof inputs["version"] === "string" ? inputs["version"] : undefined;
    const provider = this.#factory(packageName, version);
    if (!provider) throw new Error(unsupported(packageName, version));
    const config = Object.entries(forProvider(inputs)).filter(([key]) => !ENGINE_PROPERTIES.has(key));
    await provider.configure(Object.fromEntries(config), this.#preview);
    return provider;
  }
}

function unsupported(packageName: string, version: string | undefined): string {
  const name = version ? `${packageName} ${version}` : packageName;
  return `package ${name}: the offline engine has no provider for it; run the program with the pulumi CLI instead`;
}
