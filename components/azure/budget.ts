import * as consumption from "@pulumi/azure-native/consumption/index.js";
import * as pulumi from "@pulumi/pulumi";
import type { AzurePlace } from "./place.ts";

export interface AzureBudgetArgs extends AzurePlace {
  /** Monthly budget of the resource groups; more than 0. Azure reads it in the billing currency of the subscription. */
  monthlyUsd: number;
  /** E-mail addresses that get the alerts; at least one. */
  emails: readonly string[];
  /** Names of the resource groups in the budget; one or more. */
  resourceGroups: readonly pulumi.Input<string>[];
  /** Start of the budget: the first day of the month in which it is created. @default this month */
  startDate?: string;
}

/** Percentages of the budget at which an e-mail goes out: of the actual cost, and of the forecast for the month. */
const ALERTS = [
  { thresholdType: "Actual", threshold: 50 },
  { thresholdType: "Actual", threshold: 80 },
  { thresholdType: "Actual", threshold: 100 },
  { thresholdType: "Forecasted", threshold: 100 },
] as const;

/**
 * A monthly budget of resource groups that sends e-mails when 50, 80 and 100 percent are spent, and when the forecast reaches
 * 100 percent. It stops nothing. Azure reads the amount in the billing currency of the subscription.
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
    if (emails.length === 0) throw new Error(`${name}: emails must contain one address or more, got none`);
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
      { parent: this, ignoreChanges: ["timePeriod"] }, // Azure refuses a start in an earlier month, so the first one stays
    );
    this.registerOutputs({});
  }
}

function firstOfMonth(now: Date): string {
  return `${now.toISOString().slice(0, 7)}-01T00:00:00Z`;
}
