import type { DefinitionDigests } from "../../runtime/contract/definition-digests.ts";
import { definitionDigest, stepDefinition } from "../../runtime/contract/step-definition.ts";
import type { Workload } from "../../runtime/contract/workload.ts";

/** Step whose part of the definition makes a model or judges it → the words for that part. */
const PARTS = {
  features: "its rows or features",
  train: "its training parameters",
  evaluate: "its gate",
} as const satisfies Record<keyof Required<DefinitionDigests>, string>;

/**
 * Returns which parts of a model's definition have changed since it was made and judged, in words. A part whose digest is not known, of
 * an older artifact, counts as unchanged.
 */
export function changedParts(workload: Workload, model: string, digests: DefinitionDigests = {}): string[] {
  return (Object.keys(PARTS) as (keyof typeof PARTS)[])
    .filter((step) => {
      const known = digests[step];
      return known !== undefined && known !== definitionDigest(stepDefinition(step, workload, model));
    })
    .map((step) => PARTS[step]);
}
