import { nameOf, type Outcome, type SeenStep, type StateResource } from "./outcome.ts";

const MAKES = ["create", "create-replacement", "update", "read"];
const DELETES = ["delete", "delete-replaced"];

/**
 * Returns the pairs of steps in the wrong order: a resource that was made or changed before one that it depends on was done,
 * or deleted before one that depends on it was gone. Both engines must have none.
 */
export function orderViolations({ steps, before, after }: Outcome): string[] {
  return [
    ...pairs(steps, after, MAKES).filter(([user, used]) => user.started < (used.ended ?? used.started)),
    ...pairs(steps, before, DELETES).filter(([user, used]) => used.started < (user.ended ?? user.started)),
  ].map(([user, used]) => `${user.op} ${nameOf(user.urn)} beside ${used.op} ${nameOf(used.urn)}`);
}

/** Steps on resources, each with a step on a resource that the first depends on. */
function pairs(
  steps: readonly SeenStep[],
  resources: readonly StateResource[],
  ops: readonly string[],
): [SeenStep, SeenStep][] {
  const custom = new Map(resources.filter((each) => each.custom).map((each) => [each.urn, each]));
  const counted = steps.filter(({ op, urn }) => ops.includes(op) && custom.has(urn));
  return counted.flatMap((user) =>
    counted
      .filter((used) => used.op === user.op || ops === MAKES)
      .filter((used) => custom.get(user.urn)?.dependencies?.includes(used.urn))
      .map((used): [SeenStep, SeenStep] => [user, used]),
  );
}
