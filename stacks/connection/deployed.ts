import type * as pulumi from "@pulumi/pulumi";

/** Returns an output of the foundation that its config asks for. Throws, when it is known, if the foundation was deployed before. */
export function deployed(output: pulumi.Output<string | null>, key: string): pulumi.Output<string> {
  return output.apply((value) => {
    if (value === null)
      throw new Error(`${key}: the deployed foundation does not have it yet: deploy the foundation first`);
    return value;
  });
}
