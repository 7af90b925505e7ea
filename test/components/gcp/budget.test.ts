import { expect, test } from "vitest";
import { GcpBudget, type GcpBudgetArgs } from "../../../components/gcp/budget.ts";
import { GcpProject } from "../../../components/gcp/project.ts";
import { PROJECT_NUMBER } from "./gcp-outputs.ts";
import { find, list, named, record } from "../record.ts";

const build = (args: Partial<GcpBudgetArgs> = {}) =>
  record(() => {
    const project = new GcpProject("project", { project: "acme-ml", apis: [], agents: [] });
    new GcpBudget("budget", { project, monthlyUsd: 5000.5, emails: ["ml@example.com"], ...args });
  });
const BUDGET = "gcp:billing/budget:Budget";

test("a budget is for one project and month, and alerts by e-mail", async () => {
  const { resources } = await build();
  expect(list(named(resources, "budget"))).toEqual([
    "gcp:billing/budget:Budget budget-monthly",
    "gcp:monitoring/notificationChannel:NotificationChannel budget-ml@example.com",
    "gcp:organizations/project:Project budget-project",
    "slipway:budget:GcpBudget budget",
  ]);
  expect(find(resources, BUDGET, "budget-monthly")).toMatchObject({
    billingAccount: "AAAAAA-BBBBBB-CCCCCC",
    budgetFilter: { projects: [`projects/${PROJECT_NUMBER}`], calendarPeriod: "MONTH" },
    amount: { specifiedAmount: { currencyCode: "USD", units: "5000", nanos: 500_000_000 } },
    thresholdRules: [
      { thresholdPercent: 0.5, spendBasis: "CURRENT_SPEND" },
      { thresholdPercent: 0.8, spendBasis: "CURRENT_SPEND" },
      { thresholdPercent: 1, spendBasis: "CURRENT_SPEND" },
      { thresholdPercent: 1, spendBasis: "FORECASTED_SPEND" },
    ],
    allUpdatesRule: { monitoringNotificationChannels: ["budget-ml@example.com-id"] },
  });
});

test("does not look up a given billing account", async () => {
  const { resources } = await build({ billingAccount: "012345-6789AB-CDEF01" });
  expect(find(resources, BUDGET, "budget-monthly")).toMatchObject({ billingAccount: "012345-6789AB-CDEF01" });
  expect(list(resources).filter((name) => name.startsWith("gcp:organizations"))).toEqual([]);
});

test.each<[Partial<GcpBudgetArgs>, string]>([
  [{ emails: [] }, "budget: emails must be between 1 and 5, got 0"],
  [{ emails: Array(6).fill("a@example.com") as string[] }, "budget: emails must be between 1 and 5, got 6"],
  [{ monthlyUsd: 0 }, "budget: monthlyUsd must be more than 0, got 0"],
])("refuses %j", async (args, message) => {
  await expect(build(args)).rejects.toThrow(message);
});
