import { z } from "zod";
import { isAnywhere } from "../rule/anywhere.ts";
import { must, rule, types } from "../rule/rule.ts";
import type { ResourceRule } from "../rule/rule.ts";

const REGISTRY = types("azure-native:containerregistry:Registry");

export const acrRules: ResourceRule[] = [
  rule({
    name: "azure-acr-no-admin",
    title: "Azure Container Registry has no admin account",
    severity: "high",
    source: ["CKV_AZURE_137"],
    fix: "set `adminUserEnabled: false`, and pull with an identity",
    types: REGISTRY,
    check: ({ properties }, report) =>
      must(properties.at("adminUserEnabled"), [false, undefined, null], report),
  }),
  rule({
    name: "azure-acr-private",
    title: "Azure Container Registry is reachable only from the virtual network, or from known networks",
    severity: "high",
    source: ["CKV_AZURE_139"],
    fix: "set `publicNetworkAccess: Disabled`, and add a private endpoint; or list networks in `networkRuleSet.ipRules`",
    types: REGISTRY,
    config: {
      /** Allow a public registry that denies all networks but those of `networkRuleSet.ipRules`. */
      allowIpRules: z.boolean().default(true),
    },
    check: ({ properties }, report, { allowIpRules }) => {
      const ranges = properties
        .at("networkRuleSet.ipRules")
        .items()
        .map((entry) => entry.at("iPAddressOrRange"));
      const closed = properties.at("networkRuleSet.defaultAction").is("Deny");
      if (!allowIpRules || !closed || ranges.length === 0)
        return must(properties.at("publicNetworkAccess"), ["Disabled"], report);
      for (const range of ranges) if (isAnywhere(range)) report(`${range.path} must not be ${range.shown}`);
    },
  }),
];
