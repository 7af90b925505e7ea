import { definitionDigest } from "./contract/definition-digest.ts";
import type { Workload } from "./contract/workload.ts";
import { BadInput } from "./errors.ts";

/**
 * Throws BadInput if this image has other definitions than the checkout that started the job. Otherwise a result could be taken
 * for that of a change which the image does not have.
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
    `${owner}: the platform's image must have the definitions of this checkout (${expected}), got others (${found}); deploy yours with npm run up`,
  );
}
