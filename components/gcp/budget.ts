import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { within } from "../platform/kubernetes/at-least.ts";
import type { GcpProject } from "./project.ts";

export interface GcpBudgetArgs {
  project: GcpProject;
  /** Monthly budget in US dollars, which must be the currency of the billing account; more than 0. */
  monthlyUsd: number;
  /** E-mail addresses that get the alerts; 1 to 5. */
  emails: readonly string[];
  /** Id of the billing account, such as `012345-6789AB-CDEF01`. @default - the one that pays for the project */
  billingAccount?: pulumi.Input<string>;
}

/** Shares of the budget at which e-mails go out: of the actual cost, and of the forecast for the month. */
const THRESHOLDS = [
  { thresholdPercent: 0.5, spendBasis: "CURRENT_SPEND" },
  { thresholdPercent: 0.8, spendBasis: "CURRENT_SPEND" },
  { thresholdPercent: 1, spendBasis: "CURRENT_SPEND" },
  { thresholdPercent: 1, spendBasis: "FORECASTED_SPEND" },
];

/** Cloud Billing notifies at most this many channels. @see https://cloud.google.com/billing/docs/how-to/budgets-notification-recipients */
const MAX_CHANNELS = 5;

/**
 * A monthly budget of a project that sends e-mails when 50, 80 and 100 percent are spent, and when the forecast reaches 100
 * percent. It stops nothing.
 *
 * @example
 * new GcpBudget("budget", { project, monthlyUsd: 5000, emails: ["ml@example.com"] });
 */
export class GcpBudget extends pulumi.ComponentResource {
  constructor(name: string, args: GcpBudgetArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:budget:GcpBudget", name, {}, opts);
    const { project, monthlyUsd, emails } = args;
    within(1, MAX_CHANNELS, emails.length, `${name}: emails`);
    if (!(monthlyUsd > 0)) throw new Error(`${name}: monthlyUsd must be more than 0, got ${monthlyUsd}`);
    const child = { parent: this };
    const channels = emails.map(
      (address) =>
        new gcp.monitoring.NotificationChannel(
          `${name}-${address}`,
          {
            project: project.id,
            type: "email",
            displayName: `Budget: ${address}`,
            labels: { email_address: address },
          },
          child,
        ),
    );
    const {
      billingAccount = gcp.organizations.Project.get(`${name}-project`, project.id, {}, child).billingAccount,
    } = args;
    const units = Math.floor(monthlyUsd);
    new gcp.billing.Budget(
      `${name}-monthly`,
      {
        billingAccount: pulumi
          .output(billingAccount)
          .apply((account) => account ?? throwNoBillingAccount(name)),
        displayName: pulumi.interpolate`${project.id} per month`,
        budgetFilter: {
          projects: [pulumi.interpolate`projects/${project.number}`],
          calendarPeriod: "MONTH",
          creditTypesTreatment: "INCLUDE_ALL_CREDITS",
        },
        amount: {
          specifiedAmount: {
            currencyCode: "USD",
            units: String(units),
            nanos: Math.round((monthlyUsd - units) * 1e9),
          },
        },
        thresholdRules: THRESHOLDS,
        allUpdatesRule: {
          monitoringNotificationChannels: channels.map((channel) => channel.id),
          disableDefaultIamRecipients: false,
        },
      },
      child,
    );
    this.registerOutputs({});
  }
}

function throwNoBillingAccount(name: string): never {
  throw new Error(`${name}: project must have a billing account; link one to it, or give billingAccount`);
}
