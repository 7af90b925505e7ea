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
    title: "Azure Container Registry is reachable only from the virtual network",
    severity: "high",
    source: ["CKV_AZURE_139"],
    fix: "set `publicNetworkAccess: Disabled`, and add a private endpoint",
    types: REGISTRY,
    check: ({ properties }, report) => must(properties.at("publicNetworkAccess"), ["Disabled"], report),
  }),
];
