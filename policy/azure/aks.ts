import { z } from "zod";
import { isAnywhere } from "../rule/anywhere.ts";
import { must, mustHave, rule, types } from "../rule/rule.ts";
import type { ResourceRule } from "../rule/rule.ts";

const CLUSTER = types("azure-native:containerservice:ManagedCluster");

export const aksRules: ResourceRule[] = [
  rule({
    name: "azure-aks-rbac",
    title: "AKS uses role-based access control",
    severity: "high",
    source: ["CKV_AZURE_5"],
    fix: "set `enableRBAC: true`",
    types: CLUSTER,
    // Azure's default is true.
    check: ({ properties }, report) => must(properties.at("enableRBAC"), [true, undefined, null], report),
  }),
  rule({
    name: "azure-aks-api-server-ranges",
    title: "Only known networks reach the API server of AKS",
    severity: "critical",
    source: ["CKV_AZURE_6"],
    fix: "set `apiServerAccessProfile.authorizedIPRanges`, or `enablePrivateCluster`",
    types: CLUSTER,
    check: ({ properties }, report) => {
      const profile = properties.at("apiServerAccessProfile");
      if (profile.isUnknown || profile.at("enablePrivateCluster").mayBe(true)) return;
      const ranges = profile.at("authorizedIPRanges");
      mustHave(ranges, report);
      for (const range of ranges.items())
        if (isAnywhere(range)) report(`${range.path} must not be ${range.shown}`);
    },
  }),
  rule({
    name: "azure-aks-network-policy",
    title: "AKS enforces network policies",
    severity: "high",
    source: ["CKV_AZURE_7"],
    fix: "set `networkProfile.networkPolicy` to cilium, azure or calico",
    types: CLUSTER,
    check: ({ properties }, report) => {
      const policy = properties.at("networkProfile.networkPolicy");
      if (policy.isEmpty || policy.is("none")) report(`${policy.path} must be set, got ${policy.shown}`);
    },
  }),
  rule({
    name: "azure-aks-private",
    title: "AKS clusters are private",
    severity: "high",
    source: ["CKV_AZURE_115"],
    fix: "set `apiServerAccessProfile.enablePrivateCluster: true`",
    types: CLUSTER,
    config: {
      /** Allow a public cluster whose API server is open only to `authorizedIPRanges`. */
      allowAuthorizedRanges: z.boolean().default(true),
    },
    check: ({ properties }, report, { allowAuthorizedRanges }) => {
      const profile = properties.at("apiServerAccessProfile");
      if (allowAuthorizedRanges && !profile.at("authorizedIPRanges").isEmpty) return;
      must(profile.at("enablePrivateCluster"), [true], report);
    },
  }),
  rule({
    name: "azure-aks-no-local-accounts",
    title: "AKS has no local accounts, only those of Entra",
    severity: "high",
    source: ["CKV_AZURE_141"],
    fix: "set `disableLocalAccounts: true`",
    types: CLUSTER,
    check: ({ properties }, report) => must(properties.at("disableLocalAccounts"), [true], report),
  }),
];
