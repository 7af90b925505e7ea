import { UNKNOWN } from "../values/property-value.ts";
import type { Provider } from "../provider.ts";
import { detailedDifferences, differences } from "../values/difference.ts";
import { conditionalPaths } from "./replacing/conditional.ts";
import { replacingPaths } from "./replacing-properties.ts";

/** A provider for previews only: reports changes and, from tables, replacements. Throws on every operation that would change something. */
export function planOnlyProvider(packageName: string): Provider {
  const refuse = (what: string): Error =>
    new Error(
      `package ${packageName}: the offline engine only previews it and cannot ${what}; use the pulumi CLI`,
    );
  return {
    configure: async () => undefined,
    check: async (_context, _olds, news) => ({ inputs: news, failures: [] }),
    diff: async ({ type }, _id, oldInputs, _oldOutputs, newInputs) => {
      const detailedDiff = detailedDifferences(oldInputs, newInputs);
      const paths = Object.keys(detailedDiff);
      const replaces = [
        ...new Set([
          ...replacingPaths(type, paths),
          ...conditionalPaths(type, differences(oldInputs, newInputs), oldInputs, newInputs),
        ]),
      ];
      for (const path of replaces) {
        const change = detailedDiff[path];
        if (change) detailedDiff[path] = { ...change, kind: `${change.kind}-replace` as typeof change.kind };
      }
      return { changes: paths.length > 0, replaces, deleteBeforeReplace: false, detailedDiff };
    },
    create: async (_context, inputs, { preview }) => {
      if (!preview) throw refuse("create resources");
      return { id: "", outputs: inputs };
    },
    read: async (_context, id, inputs = {}, outputs) => {
      // Only the cloud knows the result of a read.
      return { id, inputs, outputs: outputs ?? { ...inputs, id: UNKNOWN } };
    },
    update: async (_context, _id, _oldInputs, oldOutputs, newInputs, { preview }) => {
      if (!preview) throw refuse("update resources");
      return { outputs: { ...oldOutputs, ...newInputs } };
    },
    delete: async () => {
      throw refuse("delete resources");
    },
    close: async () => undefined,
  };
}
