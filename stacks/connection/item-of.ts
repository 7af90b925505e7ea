import type * as pulumi from "@pulumi/pulumi";

/**
 * Returns one value of a list that the foundation exports. Throws, when the list is known, if the foundation was deployed before its
 * config asked for that many.
 *
 * @param key - config key of the foundation from which the length of the list follows
 */
export function itemOf(
  list: pulumi.Output<readonly string[]>,
  index: number,
  key: string,
): pulumi.Output<string> {
  return list.apply((values) => oneOf(values, index, key));
}

/** As `itemOf`, for a list that is known. */
export function oneOf(values: readonly string[], index: number, key: string): string {
  const value = values[index];
  if (value === undefined)
    throw new Error(
      `${key}: the deployed foundation has only ${values.length} of them: deploy the foundation first`,
    );
  return value;
}
