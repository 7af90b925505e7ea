import { z } from "zod";
import { estimateCost } from "../../cost/estimate/estimate.ts";
import { loadPrices } from "../../cost/prices/load-prices.ts";
import type { PlannedResource } from "../../cost/estimate/planned-resource.ts";
import { UNKNOWN } from "../rule/field.ts";
import { stackRule } from "../rule/rule.ts";
import type { StackRule, Subject } from "../rule/rule.ts";

const STACK = /^pulumi:pulumi:Stack$/;

function toPlanned({ urn, type, name, parent, properties }: Subject): PlannedResource {
  const inputs = properties.value === UNKNOWN ? {} : (properties.value as Record<string, unknown>);
  return { urn, type, name, inputs, ...(parent ? { parent: parent.urn } : {}) };
}

export const costRules: StackRule[] = [
  stackRule({
    name: "platform-cost-ceiling",
    title: "The stack costs no more than it may",
    severity: "medium",
    source: ["WAF-COST"],
    fix: "take away or scale down what costs most, or raise the ceiling in this policy's config",
    config: {
      /** Expected cost per month, in US dollars; none: no ceiling. */
      monthlyUsd: z.number().positive().optional(),
    },
    checkStack: (subjects, report, { monthlyUsd }) => {
      if (monthlyUsd === undefined) return;
      const { monthly, byResource } = estimateCost(subjects.map(toPlanned), { prices: loadPrices() });
      if (monthly.expected <= monthlyUsd) return;
      const dearest = [...byResource].sort((a, b) => b.monthly.expected - a.monthly.expected).slice(0, 3);
      const named = dearest.map(({ name, monthly: { expected } }) => `${name} ${expected.toFixed(2)}`);
      const urn = subjects.find(({ type }) => STACK.test(type))?.urn;
      report(
        `expected ${monthly.expected.toFixed(2)} USD per month, the ceiling is ${monthlyUsd} (${named.join(", ")})`,
        urn,
      );
    },
  }),
];
