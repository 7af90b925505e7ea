import * as pulumi from "@pulumi/pulumi";

/** The outputs of a foundation in the form in which another stack reads them, for programs that have both layers. */
export function asRead<Outputs extends Record<string, unknown>>(
  outputs: Outputs,
): { [Key in keyof Outputs]: pulumi.Output<pulumi.Unwrap<Outputs[Key]>> } {
  return Object.fromEntries(
    Object.entries(outputs).map(([name, value]) => [name, pulumi.output(value)]),
  ) as never;
}
