import { randomUUID } from "node:crypto";
import type { Provider, ProviderContext } from "../provider.ts";
import type { PropertyMap } from "../values/property-value.ts";
import { detailedDifferences } from "../values/difference.ts";
import type { ProviderRegistry } from "./provider-registry.ts";

/** Manages `pulumi:providers:*` resources: to create one is to configure the provider that it stands for. */
export function providerResource(registry: ProviderRegistry): Provider {
  const load = async ({ urn, type }: ProviderContext, inputs: PropertyMap): Promise<PropertyMap> => {
    await registry.load(urn, type, inputs);
    return inputs;
  };
  return {
    configure: async () => undefined,
    check: async (_context, _olds, news) => ({ inputs: news, failures: [] }),
    diff: async (_context, _id, oldInputs, _oldOutputs, newInputs) => {
      const detailedDiff = detailedDifferences(oldInputs, newInputs);
      const changes = Object.keys(detailedDiff).length > 0;
      return { changes, replaces: [], deleteBeforeReplace: false, detailedDiff };
    },
    create: async (context, inputs, { preview }) => ({
      id: preview ? "" : randomUUID(),
      outputs: await load(context, inputs),
    }),
    read: async (_context, id, inputs = {}, outputs = {}) => ({ id, inputs, outputs }),
    update: async (context, _id, _oldInputs, _oldOutputs, newInputs) => ({
      outputs: await load(context, newInputs),
    }),
    delete: async () => undefined,
    close: async () => undefined,
  };
}
