import type { ConfigFault } from "../../runtime/contract/issues/describe-issues.ts";
import { FOUNDATION_KEYS, layerOf } from "./layer.ts";

type Values = Readonly<Record<string, unknown>>;

/** The file of a foundation, for the platform on it. */
export interface FoundationFile {
  /** Name of the file: `Pulumi.prod-foundation.yaml`. */
  file: string;
  /** Its values, without the namespace of their keys; undefined if there is no such file. */
  values: Values | undefined;
  /** The stack with the nearest name, if there is no such file. @default - no name is near */
  nearest?: string | undefined;
}

/** Returns the values of a platform with those of its foundation, or why they cannot be merged. */
export function mergeFoundation(
  own: Values,
  { file, values, nearest }: FoundationFile,
): { merged: Values; faults: [] } | { merged?: undefined; faults: ConfigFault[] } {
  if (values === undefined)
    return {
      faults: [
        {
          path: ["cluster", "stack"],
          kind: "wrong",
          message: `must be a stack of this project, got one without a file ${file}`,
          ...(nearest === undefined ? {} : { fix: `did you mean ${nearest}?` }),
        },
      ],
    };
  if (layerOf(values).kind !== "foundation")
    return {
      faults: [
        {
          path: ["cluster", "stack"],
          kind: "wrong",
          message: `must be a foundation, got ${file}, whose cluster.kind is not eks, gke or aks`,
          fix: "name the stack that creates the cluster",
        },
      ],
    };
  const repeated = FOUNDATION_KEYS.filter((key) => key !== "cluster" && key in own);
  if (repeated.length > 0)
    return {
      faults: repeated.map((key) => ({
        path: [key],
        kind: "unknown",
        message: `must be left out: ${file} has it, for both stacks`,
        fix: `move what you need to ${file}`,
      })),
    };
  const shared = Object.entries(values).filter(([key]) => FOUNDATION_KEYS.includes(key));
  return { merged: { ...own, ...Object.fromEntries(shared) }, faults: [] };
}
