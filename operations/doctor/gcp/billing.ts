import { z } from "zod";
import { ask, unknown } from "../ask.ts";
import type { CloudCli } from "../cloud-cli.ts";
import type { Finding } from "../finding.ts";
import { plannedOf, type PlannedResource } from "../planned-resource.ts";

const budgetSchema = z.looseObject({
  amount: z.looseObject({ specifiedAmount: z.looseObject({ currencyCode: z.string() }) }),
});

/** Roles of a billing account that may create budgets. */
const BUDGET_ROLES = ["roles/billing.costsManager", "roles/billing.admin"];

/**
 * Says whether the project has an open billing account, and whether `login`, the account that is logged in, may create the budget
 * of the stack in its currency.
 */
export async function gcpBilling(
  cli: CloudCli,
  project: string,
  planned: readonly PlannedResource[],
  login: string,
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
      : [
          await currency(cli, account, budget.inputs.amount.specifiedAmount.currencyCode),
          await budgetRights(cli, account, login),
        ]),
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

async function budgetRights(cli: CloudCli, account: string, login: string): Promise<Finding> {
  const subject = "rights of the budget";
  const needed = `${BUDGET_ROLES.join(" or ")} on ${account}`;
  const { value, reason } = await ask(
    cli,
    ["billing", "accounts", "get-iam-policy", account],
    z.looseObject({
      bindings: z.array(z.looseObject({ role: z.string(), members: z.array(z.string()) })).default([]),
    }),
  );
  if (value === undefined) return unknown(subject, reason, needed);
  const role = value.bindings.find(
    ({ role, members }) =>
      BUDGET_ROLES.includes(role) && members.some((member) => member.endsWith(`:${login}`)),
  )?.role;
  if (role !== undefined) return { subject, state: "ok", found: role, needed };
  return {
    ...unknown(subject, `no such role of ${login} itself; a group may give it one`, needed),
    fix: `gcloud billing accounts add-iam-policy-binding ${account} --member user:${login} --role ${BUDGET_ROLES[0]}`,
  };
}
