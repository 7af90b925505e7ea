import { z } from "zod";
import { formatRunningServices, RUNNING_SERVICES_VARIABLE } from "../../stacks/config/running-services.ts";

const runningSchema = z.array(z.object({ environment: z.string(), name: z.string(), reference: z.string() }));
const outputsSchema = z.object({
  services: runningSchema.default([]),
  managedServices: runningSchema.default([]),
});

/**
 * Returns the variable that passes the running services to the program, from the stack's outputs: a service whose tag is gone
 * keeps its model and is not deleted. Empty where the outputs are of another version of Slipway.
 */
export function runningServicesEnv(outputs: Readonly<Record<string, unknown>>): Record<string, string> {
  const parsed = outputsSchema.safeParse(outputs);
  if (!parsed.success) return {};
  const { services, managedServices } = parsed.data;
  return { [RUNNING_SERVICES_VARIABLE]: formatRunningServices([...services, ...managedServices]) };
}
