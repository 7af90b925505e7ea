import { must, mustHave, rule, types } from "../rule/rule.ts";
import type { ResourceRule } from "../rule/rule.ts";

const GROUP = types("aws:elasticache/replicationGroup:ReplicationGroup");
/** It is always encrypted, at rest and in transit. */
const SERVERLESS = "aws:elasticache/serverlessCache:ServerlessCache";

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
    fix: "set `authToken` to a secret, or `userGroupIds`; of a serverless cache `userGroupId`",
    types: types("aws:elasticache/replicationGroup:ReplicationGroup", SERVERLESS),
    check: ({ type, properties }, report) => {
      if (type === SERVERLESS) {
        // Memcached has no users.
        if (!properties.at("engine").is("memcached")) mustHave(properties.at("userGroupId"), report);
        return;
      }
      const groups = properties.at("userGroupIds");
      if (groups.isEmpty) mustHave(properties.at("authToken"), report);
    },
  }),
];
