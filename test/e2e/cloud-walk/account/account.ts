import { planOnlyProvider } from "../../../../local/engine/providers/plan-only.ts";
import type { Provider } from "../../../../local/engine/provider.ts";
import type { PropertyMap } from "../../../../local/engine/values/property-value.ts";

export interface CloudResource {
  type: string;
  id: string;
  inputs: PropertyMap;
  outputs: PropertyMap;
  /** Outputs of its behavior, which an update keeps. */
  given: PropertyMap;
}

/** Returns a property that must be text. */
export function textOf(properties: PropertyMap, key: string): string {
  const value = properties[key];
  if (typeof value !== "string") throw new Error(`${key} must be text, got ${JSON.stringify(value)}`);
  return value;
}

/** What a resource type of the account does besides being kept. */
export interface Behavior {
  /** Returns outputs that the cloud gives it; may start what it stands for. */
  create?: (name: string, inputs: PropertyMap) => Promise<PropertyMap>;
  remove?: (resource: CloudResource) => Promise<void>;
  /** Returns the outputs of a resource that no stack has made, such as the project itself. */
  find?: (id: string) => PropertyMap;
}

export interface AccountOptions {
  /** Package of the provider, such as `aws`. */
  package: string;
  /** Returns the outputs that the cloud adds to those of `behaviors`. */
  outputsOf: (type: string, name: string, inputs: PropertyMap) => Record<string, unknown>;
  /** By type. */
  behaviors: Readonly<Record<string, Behavior>>;
  /** Functions of the package, by their token. @default none */
  functions?: Readonly<Record<string, (args: PropertyMap) => PropertyMap>>;
}

/** An account of a cloud: the resources that stacks have made in it, by urn. */
export class Account {
  readonly resources = new Map<string, CloudResource>();
  readonly package: string;
  readonly #options: AccountOptions;

  constructor(options: AccountOptions) {
    this.#options = options;
    this.package = options.package;
  }

  ofType(type: string): CloudResource[] {
    return [...this.resources.values()].filter((resource) => resource.type === type);
  }

  /** A provider of the package for the engine, which makes resources in this account. Plans are those of the engine's own. */
  provider(): Provider {
    const planned = planOnlyProvider(this.package);
    const { resources } = this;
    const { outputsOf, behaviors, functions = {} } = this.#options;
    const allOutputs = (
      type: string,
      name: string,
      inputs: PropertyMap,
      given: PropertyMap,
    ): PropertyMap => ({
      ...inputs,
      ...(outputsOf(type, name, inputs) as PropertyMap),
      ...given,
    });
    return {
      ...planned,
      invoke: async (token, args) => {
        const answer = functions[token];
        if (answer === undefined) throw new Error(`no function ${token}`);
        return answer(args);
      },
      create: async (context, inputs, options) => {
        if (options.preview) return planned.create(context, inputs, options);
        const { urn, type, name } = context;
        if (resources.has(urn)) throw new Error(`${urn} exists already`);
        const given = (await behaviors[type]?.create?.(name, inputs)) ?? {};
        const outputs = allOutputs(type, name, inputs, given);
        const id = outputs["id"] === undefined ? `${name}-id` : textOf(outputs, "id");
        resources.set(urn, { type, id, inputs, outputs, given });
        return { id, outputs };
      },
      read: async (context, id, inputs, outputs) => {
        const present = behaviors[context.type]?.find?.(id);
        if (present !== undefined) return { id, inputs: inputs ?? {}, outputs: present };
        const found = resources.get(context.urn);
        if (found === undefined) return undefined;
        return { id, inputs: inputs ?? found.inputs, outputs: outputs ?? found.outputs };
      },
      update: async (context, id, oldInputs, oldOutputs, inputs, options) => {
        if (options.preview) return planned.update(context, id, oldInputs, oldOutputs, inputs, options);
        const { urn, type, name } = context;
        const found = resources.get(urn);
        if (found === undefined) throw new Error(`${urn} does not exist`);
        const outputs = allOutputs(type, name, inputs, found.given);
        resources.set(urn, { ...found, inputs, outputs });
        return { outputs };
      },
      delete: async ({ urn, type }) => {
        const found = resources.get(urn);
        if (found === undefined) throw new Error(`${urn} does not exist`);
        await behaviors[type]?.remove?.(found);
        resources.delete(urn);
      },
    };
  }
}
