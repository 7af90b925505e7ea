import { planOnlyProvider } from "../../../../local/engine/providers/plan-only.ts";
import type { Provider } from "../../../../local/engine/provider.ts";
import type { PropertyMap } from "../../../../local/engine/values/property-value.ts";
import { awsOutputs } from "../../../components/aws/aws-outputs.ts";

export interface CloudResource {
  type: string;
  id: string;
  inputs: PropertyMap;
  outputs: PropertyMap;
  /** Outputs of its behavior, which stay as they are. */
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
}

/** An AWS account: the resources that stacks have made in it, by urn. */
export class Account {
  readonly resources = new Map<string, CloudResource>();
  readonly #behaviors: Readonly<Record<string, Behavior>>;

  constructor(behaviors: Readonly<Record<string, Behavior>>) {
    this.#behaviors = behaviors;
  }

  ofType(type: string): CloudResource[] {
    return [...this.resources.values()].filter((resource) => resource.type === type);
  }

  /** A provider of package `aws` for the engine, which makes resources in this account. Plans are those of the engine's own. */
  provider(): Provider {
    const planned = planOnlyProvider("aws");
    const { resources } = this;
    const outputsOf = (type: string, name: string, inputs: PropertyMap, given: PropertyMap): PropertyMap => ({
      ...inputs,
      ...(awsOutputs(type, name, inputs) as PropertyMap),
      ...given,
    });
    return {
      ...planned,
      create: async (context, inputs, options) => {
        if (options.preview) return planned.create(context, inputs, options);
        const { urn, type, name } = context;
        if (resources.has(urn)) throw new Error(`${urn} exists already`);
        const given = (await this.#behaviors[type]?.create?.(name, inputs)) ?? {};
        const outputs = outputsOf(type, name, inputs, given);
        const id = outputs["id"] === undefined ? `${name}-id` : textOf(outputs, "id");
        resources.set(urn, { type, id, inputs, outputs, given });
        return { id, outputs };
      },
      read: async (context, id, inputs, outputs) => {
        const found = resources.get(context.urn);
        if (found === undefined) return undefined;
        return { id, inputs: inputs ?? found.inputs, outputs: outputs ?? found.outputs };
      },
      update: async (context, id, oldInputs, oldOutputs, newInputs, options) => {
        if (options.preview) return planned.update(context, id, oldInputs, oldOutputs, newInputs, options);
        const { urn, type, name } = context;
        const found = resources.get(urn);
        if (found === undefined) throw new Error(`${urn} does not exist`);
        const outputs = outputsOf(type, name, newInputs, found.given);
        resources.set(urn, { ...found, inputs: newInputs, outputs });
        return { outputs };
      },
      delete: async ({ urn, type }) => {
        const found = resources.get(urn);
        if (found === undefined) throw new Error(`${urn} does not exist`);
        await this.#behaviors[type]?.remove?.(found);
        resources.delete(urn);
      },
    };
  }
}
