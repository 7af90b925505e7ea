import { z } from "zod";
import { globPattern } from "./glob.ts";

export const exemptionSchema = z.strictObject({
  /** Pattern of URNs; `*` matches any text. */
  urn: z.string().min(1),
  reason: z.string().default(""),
  /** Last day of the exemption, such as `2027-03-31`. */
  expires: z.string().default(""),
});

export type Exemption = z.infer<typeof exemptionSchema>;

export const exemptionsSchema = z.array(exemptionSchema).default([]);

/** Returns the exemption of a resource, with the problem that makes it invalid; undefined if the resource has no exemption. */
export function exemptionOf(
  urn: string,
  exemptions: readonly Exemption[],
  today: string,
): { problem?: string } | undefined {
  const matching = exemptions.filter((exemption) => globPattern(exemption.urn).test(urn));
  const first = matching[0];
  if (first === undefined) return undefined;
  if (matching.some((exemption) => problemOf(exemption, today) === undefined)) return {};
  return { problem: `its exemption ${first.urn} ${problemOf(first, today) ?? ""}` };
}

function problemOf({ reason, expires }: Exemption, today: string): string | undefined {
  if (reason.trim() === "") return "has no reason; set `reason`";
  if (!/^\d{4}-\d{2}-\d{2}$/.test(expires) || Number.isNaN(Date.parse(expires)))
    return `has no valid end; set \`expires\` to a day such as ${today}, got ${JSON.stringify(expires)}`;
  if (expires < today) return `expired on ${expires}; fix the violation, or set a later day`;
  return undefined;
}
