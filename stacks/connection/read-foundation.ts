import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import type { ReadFoundation } from "../foundation/common-outputs.ts";

/**
 * Reads the outputs of a foundation's stack. In a preview they are unknown until the foundation is deployed. Throws, when an output is
 * known, if it is not what this version of the program expects.
 *
 * @param stack - name of the foundation's stack, in the project and the organization of this one
 */
export function readFoundation<Schema extends z.ZodObject>(
  stack: string,
  schema: Schema,
): ReadFoundation<Schema> {
  const reference = new pulumi.StackReference("foundation", {
    name: `${pulumi.getOrganization()}/${pulumi.getProject()}/${stack}`,
  });
  const outputs = Object.entries(schema.shape as Record<string, z.ZodType>).map(([name, type]) => [
    name,
    reference.getOutput(name).apply((value: unknown) => {
      const parsed = type.safeParse(value);
      if (parsed.success) return parsed.data;
      throw new pulumi.RunError(
        `foundation ${stack}: its output ${name} must be set by this version of the program, got ${value === undefined ? "nothing" : "another form"}: deploy it first (pulumi up --stack ${stack})`,
      );
    }),
  ]);
  return Object.fromEntries(outputs) as ReadFoundation<Schema>;
}
