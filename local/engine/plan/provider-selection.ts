import { z } from "zod";
import { Secret } from "../values/property-value.ts";
import type { PropertyMap } from "../values/property-value.ts";
import { packageConfig } from "../project/stack-config.ts";
import type { StackConfig } from "../project/stack-config.ts";
import { UNKNOWN_SENTINEL } from "../values/signatures.ts";
import { isProviderType, packageOf } from "../urn.ts";
import { newGoal } from "./goal.ts";
import type { Goal, Registered } from "./goal.ts";

/** Selects the provider of each resource: its own, its parent's, or the default provider of its package and version. */
export class ProviderSelection {
  readonly #config: StackConfig;
  readonly #register: (goal: Goal) => Promise<Registered>;
  readonly #disabled: ReadonlySet<string>;
  readonly #inherited = new Map<string, Record<string, string>>();
  readonly #defaults = new Map<string, Promise<Registered>>();

  constructor(config: StackConfig, register: (goal: Goal) => Promise<Registered>) {
    this.#config = config;
    this.#register = register;
    this.#disabled = disabledPackages(config);
  }

  /** Records the providers that a component passes to its children. */
  inherit(urn: string, goal: Pick<Goal, "parent" | "providers">): void {
    const fromParent = goal.parent === undefined ? undefined : this.#inherited.get(goal.parent);
    this.#inherited.set(urn, { ...fromParent, ...goal.providers });
  }

  /** Returns the reference of a resource's provider, `URN::ID`; undefined for components and for providers. */
  async reference(
    goal: Pick<Goal, "type" | "custom" | "parent" | "provider" | "version"> & { name?: string },
  ): Promise<string | undefined> {
    if (!goal.custom || isProviderType(goal.type)) return undefined;
    if (goal.provider) return goal.provider;
    const name = packageOf(goal.type);
    const inherited = goal.parent === undefined ? undefined : this.#inherited.get(goal.parent)?.[name];
    if (inherited !== undefined) return inherited;
    if (this.#disabled.has(name) || this.#disabled.has("*"))
      throw new Error(
        `${goal.type}${goal.name ? ` ${goal.name}` : ""}: must name a provider: pulumi:disable-default-providers forbids the default one of package ${name}`,
      );
    const { urn, id } = await this.#default(name, goal.version || undefined);
    return `${urn}::${id || UNKNOWN_SENTINEL}`;
  }

  #default(packageName: string, version: string | undefined): Promise<Registered> {
    const name = version ? `default_${version.replace(/[^A-Za-z0-9]/g, "_")}` : "default";
    const key = `${packageName}:${name}`;
    let provider = this.#defaults.get(key);
    if (!provider) {
      const inputs: PropertyMap = version ? { version } : {};
      for (const { key: field, value, secret } of packageConfig(this.#config, packageName)) {
        inputs[field] = secret ? new Secret(value) : value;
      }
      provider = this.#register(newGoal(`pulumi:providers:${packageName}`, name, { inputs }));
      this.#defaults.set(key, provider);
    }
    return provider;
  }
}

/** Returns the packages without a default provider: their resources have to name one. `*` means all packages. */
function disabledPackages({ values }: StackConfig): Set<string> {
  const text = values["pulumi:disable-default-providers"];
  if (text === undefined) return new Set();
  const names = parseList(text);
  if (!names)
    throw new Error(
      `pulumi:disable-default-providers: must be a list of packages, such as [kubernetes] or ["*"], got ${text}`,
    );
  return new Set(names);
}

function parseList(text: string): string[] | undefined {
  try {
    const result = z.array(z.string()).safeParse(JSON.parse(text));
    return result.success ? result.data : undefined;
  } catch {
    return undefined;
  }
}
