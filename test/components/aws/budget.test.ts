import { expect, test } from "vitest";
import { AwsBudget, type AwsBudgetArgs } from "../../../components/aws/budget.ts";
import { find, record } from "../record.ts";

const build = (args: Partial<AwsBudgetArgs> = {}) =>
  record(() => new AwsBudget("budget", { monthlyUsd: 5000, emails: ["ml@example.com"], ...args }));

test("a budget alerts at 50, 80 and 100 percent, and when the forecast exceeds it", async () => {
  const { resources } = await build();
  const alert = (notificationType: string, threshold: number) => ({
    notificationType,
    threshold,
    thresholdType: "PERCENTAGE",
    comparisonOperator: "GREATER_THAN",
    subscriberEmailAddresses: ["ml@example.com"],
  });
  expect(find(resources, "aws:budgets/budget:Budget", "budget-monthly")).toMatchObject({
    limitAmount: "5000",
    limitUnit: "USD",
    timeUnit: "MONTHLY",
    notifications: [alert("ACTUAL", 50), alert("ACTUAL", 80), alert("ACTUAL", 100), alert("FORECASTED", 100)],
  });
});

test.each([
  [{ monthlyUsd: 0 }, "budget: monthlyUsd must be more than 0, got 0"],
  [{ emails: [] }, "budget: emails must be 1 to 10 addresses, got 0"],
])("refuses %o", async (args, message) => {
  await expect(build(args)).rejects.toThrow(message);
});
