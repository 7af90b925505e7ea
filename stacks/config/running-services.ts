import { z } from "zod";
import { artifactReferenceSchema } from "../../runtime/contract/artifact-reference.ts";

/** Variable that passes the running services to the program, which cannot read its own state. */
export const RUNNING_SERVICES_VARIABLE = "SLIPWAY_RUNNING_SERVICES";

/** `<environment>/<service>` → reference of the model that it serves. */
export type RunningServices = ReadonlyMap<string, string>;

const schema = z.record(z.string(), artifactReferenceSchema);

/** Returns the services of a stack's outputs as the value of the variable. */
export function formatRunningServices(
  services: readonly { environment: string; name: string; reference: string }[],
): string {
  return JSON.stringify(
    Object.fromEntries(
      services.map(({ environment, name, reference }) => [`${environment}/${name}`, reference]),
    ),
  );
}

/** Parses the variable. Undefined where the running services are not known. */
export function parseRunningServices(text: string | undefined): RunningServices | undefined {
  if (text === undefined || text === "") return undefined;
  return new Map(Object.entries(schema.parse(JSON.parse(text))));
}
