import { z } from "zod";
import { globPattern } from "./glob.ts";

export const exemptionSchema = z.strictObject({
  /** Pattern of urns; `*` stands for anything. */
  urn: z.string().min(1),
  reason: z.string().default(""),
  /** Last day on which the exemption holds. */
  expires: z.string().default(""),
});

export type Exemption = z.infer<typeof exemptionSchema>;

export const exemptionsSchema = z.array(exemptionSchema).default([]);

/** Finds the exemption of a resource, and its problem if it does not hold; undefined where there is none. */
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
  if (reason.trim() === "") return "gives no reason; say why in `reason`";
  if (!/^\d{4}-\d{2}-\d{2}$/.test(expires) || Number.isNaN(Date.parse(expires)))
    return `expires on no day; give \`expires\` one such as ${today}, got ${JSON.stringify(expires)}`;
  if (expires < today) return `expired on ${expires}; comply, or give it a later day and say why`;
  return undefined;
}
