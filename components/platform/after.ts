import * as pulumi from "@pulumi/pulumi";

/**
 * Returns `value` as an output that depends on `others` too. A resource that uses it is created after the resources behind `others`, and
 * deleted before them.
 */
export function after<Value extends string>(
  value: pulumi.Input<Value>,
  ...others: readonly pulumi.Input<unknown>[]
): pulumi.Output<Value> {
  return pulumi.all([value, ...others]).apply(([known]) => known as unknown as Value);
}
