import { parseUrn } from "../urn.ts";

/** Returns the label of a resource, such as `kubernetes:apps/v1:Deployment web`. */
export function label(urn: string): string {
  const match = /^urn:pulumi:/.test(urn) ? parseUrn(urn) : undefined;
  return match ? `${match.type} ${match.name}` : urn;
}
