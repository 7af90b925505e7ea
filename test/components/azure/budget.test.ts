import { expect, test } from "vitest";
import { AzureBudget, type AzureBudgetArgs } from "../../../components/azure/budget.ts";
import { place } from "./azure-stage.ts";
import { find, record, type Recorded } from "../record.ts";

async function made(more: Partial<AzureBudgetArgs> = {}): Promise<Recorded[]> {
  const args = {
    monthlyUsd: 5000,
    emails: ["ml@example.com"],
    resourceGroups: ["acme-slipway", "acme-aks-nodes"],
  };
  const { resources } = await record(() => new AzureBudget("budget", { ...place, ...args, ...more }));
  return resources;
}

test("sends e-mails when 50, 80 and 100 percent are spent, and when the forecast reaches 100 percent", async () => {
  const budget = find(await made(), "azure-native:consumption:Budget", "budget-budget");
  expect(budget).toMatchObject({
    scope: `/subscriptions/${place.subscription}`,
    amount: 5000,
    timeGrain: "Monthly",
    filter: { dimensions: { name: "ResourceGroupName", values: ["acme-slipway", "acme-aks-nodes"] } },
  });
  expect(Object.keys(budget["notifications"] as object).sort()).toEqual([
    "actual-100",
    "actual-50",
    "actual-80",
    "forecasted-100",
  ]);
});

test("starts on the first day of a month, as Azure requires", async () => {
  const { timePeriod } = find(await made(), "azure-native:consumption:Budget", "budget-budget");
  expect((timePeriod as { startDate: string }).startDate).toMatch(/^\d{4}-\d{2}-01T00:00:00Z$/);
});

test("refuses a budget of zero, and one without addresses", async () => {
  await expect(made({ monthlyUsd: 0 })).rejects.toThrow("budget: monthlyUsd must be more than 0, got 0");
  await expect(made({ emails: [] })).rejects.toThrow("budget: emails must contain one address or more");
});
