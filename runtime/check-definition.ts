import { definitionDigest } from "./contract/definition-digest.ts";
import type { Workload } from "./contract/workload.ts";
import { BadInput } from "./errors.ts";

/**
 * Throws BadInput where this image has other definitions than whoever started the job, so that nobody is told that a change was
 * tried which this image does not know.
 */
export function checkDefinition(
  workload: Workload,
  model: string | undefined,
  expected: string | undefined,
): void {
  const found = definitionDigest(workload, model);
  if (expected === undefined || expected === found) return;
  const owner = model === undefined ? workload.name : `${workload.name}/${model}`;
  throw new BadInput(
    `${owner}: the platform's image must have the definitions of this checkout (${expected}), it has others (${found}); npm run up brings yours there`,
  );
}
