import { must, mustHave, rule, types } from "../rule/rule.ts";
import type { ResourceRule } from "../rule/rule.ts";

const GROUP = types("aws:elasticache/replicationGroup:ReplicationGroup");

export const elasticacheRules: ResourceRule[] = [
  rule({
    name: "aws-elasticache-encrypted-at-rest",
    title: "ElastiCache encrypts stored data",
    severity: "high",
    source: ["CKV_AWS_29"],
    fix: "set `atRestEncryptionEnabled: true`, and `kmsKeyId` for a key of your own",
    types: GROUP,
    check: ({ properties }, report) => must(properties.at("atRestEncryptionEnabled"), [true, "true"], report),
  }),
  rule({
    name: "aws-elasticache-encrypted-in-transit",
    title: "ElastiCache encrypts its connections with TLS",
    severity: "high",
    source: ["CKV_AWS_30"],
    fix: "set `transitEncryptionEnabled: true`",
    types: GROUP,
    check: ({ properties }, report) => {
      must(properties.at("transitEncryptionEnabled"), [true], report);
      must(properties.at("transitEncryptionMode"), ["required", undefined, null], report);
    },
  }),
  rule({
    name: "aws-elasticache-auth",
    title: "ElastiCache authenticates its clients",
    severity: "high",
    source: ["CKV_AWS_31"],
    fix: "set `authToken` to a secret, or `userGroupIds`",
    types: GROUP,
    check: ({ properties }, report) => {
      const groups = properties.at("userGroupIds");
      if (groups.isEmpty) mustHave(properties.at("authToken"), report);
    },
  }),
];
