import { z } from "zod";
import { ask, unknown } from "../ask.ts";
import type { CloudCli } from "../cloud-cli.ts";
import type { Finding } from "../finding.ts";
import { plannedOf, type PlannedResource } from "../planned-resource.ts";

const budgetSchema = z.looseObject({
  amount: z.looseObject({ specifiedAmount: z.looseObject({ currencyCode: z.string() }) }),
});

/** Says whether the project has an open billing account, and whether the budget of the stack can be in its currency. */
export async function gcpBilling(
  cli: CloudCli,
  project: string,
  planned: readonly PlannedResource[],
): Promise<Finding[]> {
  const subject = "billing account";
  const needed = "one that is open, linked to the project";
  const { value, reason } = await ask(
    cli,
    ["billing", "projects", "describe", project],
    z.looseObject({ billingAccountName: z.string().default(""), billingEnabled: z.boolean().default(false) }),
  );
  if (value === undefined) return [unknown(subject, reason, needed)];
  const account = value.billingAccountName.replace(/^billingAccounts\//, "");
  if (!value.billingEnabled)
    return [
      {
        subject,
        state: "wrong",
        found: account === "" ? "none" : `${account}, which is closed`,
        needed,
        fix: `gcloud billing projects link ${project} --billing-account ACCOUNT`,
      },
    ];
  const [budget] = plannedOf(planned, "gcp:billing/budget:Budget", budgetSchema);
  return [
    { subject, state: "ok", found: account, needed },
    ...(budget === undefined
      ? []
      : [await currency(cli, account, budget.inputs.amount.specifiedAmount.currencyCode)]),
  ];
}

/** Google refuses a budget in another currency than that of the billing account. */
async function currency(cli: CloudCli, account: string, code: string): Promise<Finding> {
  const subject = "currency of the billing account";
  const needed = `${code}, in which the budget is`;
  const { value, reason } = await ask(
    cli,
    ["billing", "accounts", "describe", account],
    z.looseObject({ currencyCode: z.string() }),
  );
  if (value === undefined) return unknown(subject, reason, needed);
  const { currencyCode: found } = value;
  return found === code
    ? { subject, state: "ok", found, needed }
    : {
        subject,
        state: "wrong",
        found,
        needed,
        fix: "leave out cloud.budget, or link another billing account",
      };
}
