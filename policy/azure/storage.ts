import { must, rule, types } from "../rule/rule.ts";
import type { ResourceRule } from "../rule/rule.ts";

const ACCOUNT = types("azure-native:storage:StorageAccount");

export const blobRules: ResourceRule[] = [
  rule({
    name: "azure-storage-https",
    title: "Storage accounts accept only HTTPS",
    severity: "high",
    source: ["CKV_AZURE_3"],
    fix: "set `enableHttpsTrafficOnly: true`",
    types: ACCOUNT,
    // Azure's default is true since the API version 2019-04-01.
    check: ({ properties }, report) =>
      must(properties.at("enableHttpsTrafficOnly"), [true, undefined, null], report),
  }),
  rule({
    name: "azure-storage-private-containers",
    title: "Blob containers are private",
    severity: "critical",
    source: ["CKV_AZURE_34"],
    fix: "set `publicAccess: None` on the container, and `allowBlobPublicAccess: false` on the account",
    types: types("azure-native:storage:BlobContainer", "azure-native:storage:StorageAccount"),
    check: ({ type, properties }, report) => {
      if (type.endsWith(":BlobContainer"))
        must(properties.at("publicAccess"), ["None", undefined, null], report);
      else must(properties.at("allowBlobPublicAccess"), [false, undefined, null], report);
    },
  }),
  rule({
    name: "azure-storage-default-deny",
    title: "Storage accounts deny unknown networks by default",
    severity: "high",
    source: ["CKV_AZURE_35"],
    fix: "set `networkRuleSet.defaultAction: Deny`, or `publicNetworkAccess: Disabled`",
    types: ACCOUNT,
    check: ({ properties }, report) => {
      if (properties.at("publicNetworkAccess").mayBe("Disabled", "SecuredByPerimeter")) return;
      must(properties.at("networkRuleSet.defaultAction"), ["Deny"], report);
    },
  }),
];
