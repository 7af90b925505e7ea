import { randomUUID } from "node:crypto";
import type { Provider } from "../provider.ts";
import { detailedDifferences } from "../values/difference.ts";
import type { PropertyMap } from "../values/property-value.ts";
import { parsePath } from "../values/property-path.ts";
import type { ProviderRegistry } from "./provider-registry.ts";

/** Key of a provider's inputs that the CLI keeps for itself; without it there the CLI's state would differ from ours. */
const INTERNAL = "__internal";

/**
 * Manages `pulumi:providers:*` resources: creating one configures its provider.
 * @param comparing - true if two plans are compared: then a planned provider has an id too, to tell it from the one it replaces
 */
export function providerResource(registry: ProviderRegistry, comparing: boolean): Provider {
  return {
    configure: async () => undefined,
    check: async (_context, _olds, news) => ({ inputs: withInternal(news), failures: [] }),
    diff: async ({ type }, _id, oldInputs, _oldOutputs, newInputs) => {
      const detailedDiff = detailedDifferences(withInternal(oldInputs), newInputs);
      const paths = Object.keys(detailedDiff);
      const keys = paths.length > 0 ? await registry.replacingKeys(type, oldInputs, newInputs) : [];
      const replaces = paths.filter((path) => keys.includes(String(parsePath(path)[0])));
      for (const path of replaces) {
        const change = detailedDiff[path];
        if (change) detailedDiff[path] = { ...change, kind: `${change.kind}-replace` as typeof change.kind };
      }
      // An unchanged key can force a replacement: the content of a file that it names may have changed.
      const forced = replaces.length > 0 ? replaces : keys;
      return { changes: paths.length > 0, replaces: forced, deleteBeforeReplace: false, detailedDiff };
    },
    create: async ({ urn, type }, inputs, { preview }) => {
      const id = preview && !comparing ? "" : randomUUID();
      await registry.load({ urn, id, type }, inputs);
      return { id, outputs: withoutInternal(inputs) };
    },
    read: async (_context, id, inputs = {}, outputs = {}) => ({ id, inputs, outputs }),
    update: async ({ urn, type }, id, _oldInputs, _oldOutputs, newInputs) => {
      await registry.load({ urn, id, type }, newInputs);
      return { outputs: withoutInternal(newInputs) };
    },
    delete: async () => undefined,
    close: async () => undefined,
  };
}

function withoutInternal({ [INTERNAL]: _internal, ...inputs }: PropertyMap): PropertyMap {
  return inputs;
}

function withInternal(inputs: PropertyMap): PropertyMap {
  return { [INTERNAL]: {}, ...inputs };
}
