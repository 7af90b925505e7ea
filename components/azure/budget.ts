import * as consumption from "@pulumi/azure-native/consumption/index.js";
import * as pulumi from "@pulumi/pulumi";
import type { AzurePlace } from "./place.ts";

export interface AzureBudgetArgs extends AzurePlace {
  /** Of everything below, in the currency in which the subscription is billed. */
  monthlyUsd: number;
  /** Who gets a mail. */
  emails: readonly string[];
  /** Names of the resource groups that count; one or more. */
  resourceGroups: readonly pulumi.Input<string>[];
  /** First day from which it counts, which must be the first of the month in which it is made. @default this month */
  startDate?: string;
}

/** Percent of the budget, spent or foreseen, at which a mail goes out. */
const ALERTS = [
  { thresholdType: "Actual", threshold: 50 },
  { thresholdType: "Actual", threshold: 80 },
  { thresholdType: "Actual", threshold: 100 },
  { thresholdType: "Forecasted", threshold: 100 },
] as const;

/**
 * A monthly budget over resource groups, with mails when 50, 80 and 100 percent are spent and when the whole is foreseen
 * to be. It stops nothing. Azure budgets in the subscription's own currency.
 *
 * @example
 * new AzureBudget("budget", { ...place, monthlyUsd: 5000, emails: ["ml@example.com"], resourceGroups: ["acme-slipway"] });
 */
export class AzureBudget extends pulumi.ComponentResource {
  constructor(name: string, args: AzureBudgetArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:budget:AzureBudget", name, {}, opts);
    const {
      monthlyUsd,
      emails,
      resourceGroups,
      subscription,
      prefix,
      startDate = firstOfMonth(new Date()),
    } = args;
    if (!(monthlyUsd > 0)) throw new Error(`${name}: monthlyUsd must be more than 0, got ${monthlyUsd}`);
    if (emails.length === 0) throw new Error(`${name}: emails must name one address or more, got none`);
    new consumption.Budget(
      `${name}-budget`,
      {
        scope: `/subscriptions/${subscription}`,
        budgetName: `${prefix}-slipway`,
        category: "Cost",
        amount: monthlyUsd,
        timeGrain: "Monthly",
        timePeriod: { startDate },
        filter: { dimensions: { name: "ResourceGroupName", operator: "In", values: [...resourceGroups] } },
        notifications: Object.fromEntries(
          ALERTS.map(({ thresholdType, threshold }) => [
            `${thresholdType.toLowerCase()}-${threshold}`,
            {
              enabled: true,
              operator: "GreaterThanOrEqualTo",
              threshold,
              thresholdType,
              contactEmails: [...emails],
            },
          ]),
        ),
      },
      { parent: this, ignoreChanges: ["timePeriod"] }, // Azure takes no start in the past, and the month goes on
    );
    this.registerOutputs({});
  }
}

function firstOfMonth(now: Date): string {
  return `${now.toISOString().slice(0, 7)}-01T00:00:00Z`;
}
