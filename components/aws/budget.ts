import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export interface AwsBudgetArgs {
  /** Of the whole account, in US dollars; more than 0. */
  monthlyUsd: number;
  /** Who is told; 1 to 10 addresses. */
  emails: readonly string[];
}

/** Shares of the budget at which people are told: of what was spent, and of what the month is going to cost. */
const ALERTS = [
  { notificationType: "ACTUAL", threshold: 50 },
  { notificationType: "ACTUAL", threshold: 80 },
  { notificationType: "ACTUAL", threshold: 100 },
  { notificationType: "FORECASTED", threshold: 100 },
] as const;

/** Addresses that one notification takes. */
const MOST_EMAILS = 10;

/**
 * A monthly budget of the account that tells people by mail. It counts the account, not a tag: a tag counts for nothing
 * until someone activates it for billing, and such a budget would be silent.
 *
 * @example
 * new AwsBudget("budget", { monthlyUsd: 5000, emails: ["ml@example.com"] });
 */
export class AwsBudget extends pulumi.ComponentResource {
  constructor(name: string, args: AwsBudgetArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:budget:AwsBudget", name, {}, opts);
    const { monthlyUsd, emails } = args;
    if (!(monthlyUsd > 0)) throw new Error(`${name}: monthlyUsd must be more than 0, got ${monthlyUsd}`);
    if (emails.length === 0 || emails.length > MOST_EMAILS)
      throw new Error(`${name}: emails must be 1 to ${MOST_EMAILS} addresses, got ${emails.length}`);
    new aws.budgets.Budget(
      `${name}-monthly`,
      {
        budgetType: "COST",
        timeUnit: "MONTHLY",
        limitAmount: String(monthlyUsd),
        limitUnit: "USD",
        notifications: ALERTS.map((alert) => ({
          ...alert,
          comparisonOperator: "GREATER_THAN",
          thresholdType: "PERCENTAGE",
          subscriberEmailAddresses: [...emails],
        })),
      },
      { parent: this },
    );
    this.registerOutputs({});
  }
}
