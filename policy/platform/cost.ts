import { z } from "zod";
import { estimateCost } from "../../cost/estimate/estimate.ts";
import { loadProjectPrices } from "../../cost/prices/load-prices.ts";
import type { PlannedResource } from "../../cost/estimate/planned-resource.ts";
import { stackRule } from "../rule/rule.ts";
import type { StackRule, Subject } from "../rule/rule.ts";
import type { Field } from "../rule/field.ts";

const STACK = /^pulumi:pulumi:Stack$/;

/** Converts the resources of a stack to planned resources, with their providers, which know the region. */
function plannedResources(subjects: readonly Subject[]): PlannedResource[] {
  const planned = new Map<string, PlannedResource>();
  for (const { providerUrn: urn, providerType: type, provider } of subjects)
    if (urn !== undefined && type !== undefined)
      planned.set(urn, { urn, type, name: urn.split("::")[3] ?? "", inputs: inputsOf(provider) });
  for (const subject of subjects) planned.set(subject.urn, toPlanned(subject));
  return [...planned.values()];
}

function toPlanned({
  urn,
  type,
  name,
  parent,
  providerUrn,
  properties,
  dependencies,
}: Subject): PlannedResource {
  return {
    urn,
    type,
    name,
    ...(parent === undefined ? {} : { parent: parent.urn }),
    ...(providerUrn === undefined ? {} : { provider: providerUrn }),
    inputs: inputsOf(properties),
    propertyDependencies: Object.fromEntries(
      [...dependencies].map(([key, sources]) => [key, sources.map((source) => source.urn)]),
    ),
  };
}

function inputsOf({ value }: Field): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

export const costRules: StackRule[] = [
  stackRule({
    name: "platform-cost-ceiling",
    title: "The stack costs no more than its ceiling",
    severity: "medium",
    source: ["WAF-COST"],
    fix: "remove or scale down the most expensive resources, or raise the ceiling in this policy's config",
    config: {
      /** Highest expected cost per month, in US dollars. Without it there is no ceiling. */
      monthlyUsd: z.number().positive().optional(),
    },
    checkStack: (subjects, report, { monthlyUsd }, { projectDir, today }) => {
      if (monthlyUsd === undefined) return;
      const prices = loadProjectPrices(projectDir);
      const { monthly, byResource } = estimateCost(plannedResources(subjects), { prices, today });
      if (monthly.expected <= monthlyUsd) return;
      const mostExpensive = [...byResource]
        .sort((a, b) => b.monthly.expected - a.monthly.expected)
        .slice(0, 3);
      const listed = mostExpensive.map(({ name, monthly: { expected } }) => `${name} ${expected.toFixed(2)}`);
      const urn = subjects.find(({ type }) => STACK.test(type))?.urn;
      report(
        `the expected cost must be at most ${monthlyUsd} USD per month, got ${monthly.expected.toFixed(2)} (${listed.join(", ")})`,
        urn,
      );
    },
  }),
];
