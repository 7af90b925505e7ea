import { z } from "zod";
import { estimateCost } from "../../cost/estimate/estimate.ts";
import { missingPrices } from "../../cost/estimate/missing-prices.ts";
import { loadProjectPrices } from "../../cost/prices/load-prices.ts";
import type { PlannedResource } from "../../cost/estimate/planned-resource.ts";
import { stackRule } from "../rule/rule.ts";
import type { StackRule, Subject } from "../rule/rule.ts";
import type { Field } from "../rule/field.ts";

const STACK = /^pulumi:pulumi:Stack$/;

/** Resources without a price that a violation names. */
const NAMED = 3;

const stackUrn = (subjects: readonly Subject[]): string | undefined =>
  subjects.find(({ type }) => STACK.test(type))?.urn;

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
    fix: "remove or scale down the most expensive resources, or raise the ceiling in policy/config/STACK.json, platform-cost-ceiling.monthlyUsd",
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
      report(
        `the expected cost must be at most ${monthlyUsd} USD per month, got ${monthly.expected.toFixed(2)} (${listed.join(", ")})`,
        stackUrn(subjects),
      );
    },
  }),
  // The ceiling itself is mandatory, so another policy warns of what it cannot judge.
  stackRule({
    name: "platform-cost-known",
    title: "Everything that costs money has a price, so that the ceiling judges all of it",
    severity: "medium",
    source: ["WAF-COST"],
    level: "advisory",
    fix: "correct the region or the machine if its name has a typing error, else add the prices to prices.override.json",
    checkStack: (subjects, report, _, { projectDir, today }) => {
      const prices = loadProjectPrices(projectDir);
      const missing = missingPrices(estimateCost(plannedResources(subjects), { prices, today }));
      if (missing.length === 0) return;
      const named = missing.slice(0, NAMED).map(({ name, detail }) => `${name}: ${detail}`);
      const more = missing.length > NAMED ? `; and ${missing.length - NAMED} more` : "";
      report(
        `the estimate and platform-cost-ceiling must know every price, got ${missing.length} unknown (${named.join("; ")}${more}): their cost is not judged`,
        stackUrn(subjects),
      );
    },
  }),
];
