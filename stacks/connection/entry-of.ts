import type * as pulumi from "@pulumi/pulumi";

/**
 * Returns one value of a record that the foundation exports. Throws, when the record is known, if the foundation was deployed before its
 * config got this entry.
 *
 * @param key - config key of the foundation that lists the entries
 */
export function entryOf(
  record: pulumi.Output<Record<string, string>>,
  name: string,
  key: string,
): pulumi.Output<string> {
  return record.apply((values) => {
    const value = values[name];
    if (value === undefined)
      throw new Error(
        `the deployed foundation has no ${name} of ${key} (it has ${Object.keys(values).join(", ") || "none"}): deploy the foundation first`,
      );
    return value;
  });
}
