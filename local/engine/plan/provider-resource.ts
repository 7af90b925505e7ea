import { randomUUID } from "node:crypto";
import type { Provider } from "../provider.ts";
import { detailedDifferences } from "../values/difference.ts";
import { parsePath } from "../values/property-path.ts";
import type { ProviderRegistry } from "./provider-registry.ts";

/**
 * Manages `pulumi:providers:*` resources: to create one is to configure the provider that it stands for.
 * @param comparing - two plans are compared: a planned provider gets an id too, so that one that replaces another is told
 * from it
 */
export function providerResource(registry: ProviderRegistry, comparing: boolean): Provider {
  return {
    configure: async () => undefined,
    check: async (_context, _olds, news) => ({ inputs: news, failures: [] }),
    diff: async ({ type }, _id, oldInputs, _oldOutputs, newInputs) => {
      const detailedDiff = detailedDifferences(oldInputs, newInputs);
      const paths = Object.keys(detailedDiff);
      const keys = paths.length > 0 ? await registry.replacingKeys(type, oldInputs, newInputs) : [];
      const replaces = paths.filter((path) => keys.includes(String(parsePath(path)[0])));
      for (const path of replaces) {
        const change = detailedDiff[path];
        if (change) detailedDiff[path] = { ...change, kind: `${change.kind}-replace` as typeof change.kind };
      }
      // A key can force a replacement without being changed itself: a file that it names leads elsewhere now.
      const forced = replaces.length > 0 ? replaces : keys;
      return { changes: paths.length > 0, replaces: forced, deleteBeforeReplace: false, detailedDiff };
    },
    create: async ({ urn, type }, inputs, { preview }) => {
      const id = preview && !comparing ? "" : randomUUID();
      await registry.load({ urn, id, type }, inputs);
      return { id, outputs: inputs };
    },
    read: async (_context, id, inputs = {}, outputs = {}) => ({ id, inputs, outputs }),
    update: async ({ urn, type }, id, _oldInputs, _oldOutputs, newInputs) => {
      await registry.load({ urn, id, type }, newInputs);
      return { outputs: newInputs };
    },
    delete: async () => undefined,
    close: async () => undefined,
  };
}
