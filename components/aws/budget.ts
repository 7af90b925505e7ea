import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export interface AwsBudgetArgs {
  /** Monthly budget of the whole account, in US dollars; more than 0. */
  monthlyUsd: number;
  /** E-mail addresses that get the alerts; 1 to 10. */
  emails: readonly string[];
}

/** Percentages of the budget at which an e-mail goes out: of the actual cost, and of the forecast for the month. */
const ALERTS = [
  { notificationType: "ACTUAL", threshold: 50 },
  { notificationType: "ACTUAL", threshold: 80 },
  { notificationType: "ACTUAL", threshold: 100 },
  { notificationType: "FORECASTED", threshold: 100 },
] as const;

/** AWS accepts no more addresses for one notification. */
const MAX_EMAILS = 10;

/**
 * A monthly budget of the account that sends alerts by e-mail. It counts the whole account: a budget by tag would stay
 * silent until someone activates the tag for billing.
 *
 * @example
 * new AwsBudget("budget", { monthlyUsd: 5000, emails: ["ml@example.com"] });
 */
export class AwsBudget extends pulumi.ComponentResource {
  constructor(name: string, args: AwsBudgetArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:budget:AwsBudget", name, {}, opts);
    const { monthlyUsd, emails } = args;
    if (!(monthlyUsd > 0)) throw new Error(`${name}: monthlyUsd must be more than 0, got ${monthlyUsd}`);
    if (emails.length === 0 || emails.length > MAX_EMAILS)
      throw new Error(`${name}: emails must be 1 to ${MAX_EMAILS} addresses, got ${emails.length}`);
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
