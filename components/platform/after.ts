import * as pulumi from "@pulumi/pulumi";

/**
 * Returns a value that becomes known only after other values are. Whatever uses it depends on the resources of all of
 * them: created after those, and deleted before.
 */
export function after<Value extends string>(
  value: pulumi.Input<Value>,
  ...others: readonly pulumi.Input<unknown>[]
): pulumi.Output<Value> {
  return pulumi.all([value, ...others]).apply(([known]) => known as unknown as Value);
}
