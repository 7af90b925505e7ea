import { expect, test } from "vitest";
import { judge } from "../judge.ts";

function findings(inputs: Record<string, unknown>, config: Record<string, unknown> = {}): string[] {
  const type = "azure-native:containerregistry:Registry";
  const planned = { name: "it", type, inputs: { publicNetworkAccess: "Enabled", ...inputs } };
  return judge("azure-acr-private", [planned], { config }).map(({ message }) => message);
}
const rules = (range: string, defaultAction = "Deny"): Record<string, unknown> => ({
  networkRuleSet: { defaultAction, ipRules: [{ action: "Allow", iPAddressOrRange: range }] },
});

test("accepts a registry that denies all networks but known ones", () => {
  expect(findings(rules("203.0.113.0/24"))).toEqual([]);
});

test.each([
  ["without known networks", { networkRuleSet: { defaultAction: "Deny", ipRules: [] } }],
  ["that allows by default", rules("203.0.113.0/24", "Allow")],
  ["whose known network is the internet", rules("0.0.0.0/0")],
])("refuses a public registry %s", (_case, inputs) => {
  expect(findings(inputs)).toHaveLength(1);
});

test("refuses every public registry with allowIpRules false", () => {
  expect(findings(rules("203.0.113.0/24"), { allowIpRules: false })).toHaveLength(1);
});
