import { z } from "zod";
import { rule, types } from "../rule/rule.ts";
import type { ResourceRule } from "../rule/rule.ts";

/** Types whose data exists nowhere else. A cluster takes its volumes with it. Image repositories can be filled again. */
const DATA = types(
  "aws:eks/cluster:Cluster",
  "gcp:container/cluster:Cluster",
  "azure-native:containerservice:ManagedCluster",
  "aws:s3/bucket:Bucket",
  "aws:s3/bucketV2:BucketV2",
  "aws:rds/instance:Instance",
  "aws:rds/cluster:Cluster",
  "aws:dynamodb/table:Table",
  "aws:efs/fileSystem:FileSystem",
  "aws:elasticache/replicationGroup:ReplicationGroup",
  "aws:elasticache/serverlessCache:ServerlessCache",
  "aws:kms/key:Key",
  "gcp:storage/bucket:Bucket",
  "gcp:sql/databaseInstance:DatabaseInstance",
  "gcp:redis/instance:Instance",
  "gcp:redis/cluster:Cluster",
  "gcp:filestore/instance:Instance",
  "gcp:bigquery/dataset:Dataset",
  "gcp:kms/cryptoKey:CryptoKey",
  "azure-native:storage:StorageAccount",
  "azure-native:dbforpostgresql:Server",
  "azure-native:dbforpostgresql:FlexibleServer",
  "azure-native:redis:Redis",
  "azure-native:redisenterprise:RedisEnterprise",
  "azure-native:redisenterprise:Database",
  "azure-native:keyvault:Vault",
);

/** Properties that make the cloud refuse to delete the resource. */
const CLOUD_PROTECTION = [
  "deletionProtection",
  "deletionProtectionEnabled",
  "settings.deletionProtectionEnabled",
];

export const protectionRules: ResourceRule[] = [
  rule({
    name: "platform-data-protected",
    title: "Resources that hold data are protected from deletion",
    severity: "high",
    source: ["CKV_AWS_293", "CKV_GCP_79"],
    fix: "set the option `protect: true`, or the deletion protection of the cloud",
    types: /^(aws|gcp|azure-native|kubernetes):/,
    config: {
      /** Further types whose resources hold data, such as kubernetes:core/v1:PersistentVolumeClaim. */
      types: z.array(z.string()).default([]),
    },
    check: ({ type, properties, protect }, report, { types: further }) => {
      if (!DATA.test(type) && !further.includes(type)) return;
      if (protect || CLOUD_PROTECTION.some((path) => properties.at(path).mayBe(true))) return;
      report(`${type} holds data and must be protected from deletion`);
    },
  }),
];
