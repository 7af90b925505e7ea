import * as aws from "@pulumi/aws";
import { AwsBudget } from "../../components/aws/budget.ts";
import { EksGpuNodePool } from "../../components/aws/cluster/eks-gpu-node-pool.ts";
import { EksNeuronNodePool } from "../../components/aws/cluster/eks-neuron-node-pool.ts";
import { EksCluster } from "../../components/aws/cluster/eks.ts";
import { RdsPostgresql } from "../../components/aws/rds-postgresql.ts";
import { Route53Dns } from "../../components/aws/route53.ts";
import { EksServiceAccountRole } from "../../components/aws/cluster/eks-service-account-role.ts";
import type { AwsStatement } from "../../components/aws/policy-document.ts";
import { AwsKey, forLogGroups } from "../../components/aws/key.ts";
import { AwsVpc } from "../../components/aws/vpc.ts";
import { S3Bucket } from "../../components/aws/s3.ts";
import { ElasticacheRedis } from "../../components/aws/elasticache.ts";
import { EcrRegistry } from "../../components/aws/ecr.ts";
import { AwsSecretsManager } from "../../components/aws/secrets-manager.ts";
import type { EksConfig } from "../config/schema/cluster.ts";
import type { CloudFoundationArgs, Foundation } from "./foundation.ts";
import { deployEksAddOns } from "./eks-add-ons.ts";
import { awsTargets } from "./targets/aws.ts";

/** AWS: a network over two or three zones, EKS, ECR, and what the config asks for besides. */
export function awsFoundation({ cluster: config, cloud }: CloudFoundationArgs<EksConfig>): Foundation {
  const { account, region } = config;
  const { prefix: clusterName, protect, tags } = cloud;
  const provider = new aws.Provider("aws", {
    region,
    allowedAccountIds: [account],
    defaultTags: { tags },
  });
  const on = { provider };
  const place = { account, region };

  const key = (name: string, description: string): AwsKey =>
    new AwsKey(`${name}-encryption`, { description, account, protect }, on);

  new AwsBudget("budget", cloud.budget, on);
  const logsKey = new AwsKey(
    "logs-encryption",
    { description: "Logs", account, services: [forLogGroups(account, region)], protect },
    on,
  );
  const { zones, nat } = config;
  const network = new AwsVpc("network", { ...place, logsKey, zones, nat }, on);
  const cluster = new EksCluster(
    "cluster",
    {
      ...place,
      clusterName,
      network,
      logsKey,
      version: config.version,
      allowedCidrs: config.allowedCidrs,
      adminRoleArns: config.adminRoleArns,
      systemPool: config.nodePools.system,
      cpuPool: config.nodePools.cpu,
      tags,
      protect,
    },
    on,
  );
  for (const [pool, gpus] of Object.entries(config.gpuPools))
    new EksGpuNodePool(`cluster-gpu-${pool}`, { home: cluster.nodes, pool, ...gpus }, on);
  for (const [pool, chips] of Object.entries(config.neuronPools))
    new EksNeuronNodePool(`cluster-neuron-${pool}`, { home: cluster.nodes, pool, ...chips }, on);
  const hasGpus = Object.keys(config.gpuPools).length > 0;
  const hasNeuron = Object.keys(config.neuronPools).length > 0;

  const clients = cluster.securityGroupId;
  const redis =
    cloud.redis &&
    new ElasticacheRedis(
      "redis",
      { network, clients, key: key("redis", "The online feature store"), ...cloud.redis, protect },
      on,
    );
  if (cloud.database !== undefined)
    new RdsPostgresql(
      "database",
      { network, clients, key: key("database", "PostgreSQL"), ...cloud.database, protect },
      on,
    );
  const secretStore =
    cloud.secrets.length > 0
      ? new AwsSecretsManager(
          "secrets",
          { prefix: clusterName, secrets: cloud.secrets, key: key("secrets", "Secrets"), protect },
          on,
        )
      : undefined;
  if (cloud.dns !== undefined) new Route53Dns("dns", { zone: cloud.dns.zone, protect }, on);
  const bucket = new S3Bucket(
    "objects",
    {
      account,
      bucketName: `${clusterName}-${account}-${region}`,
      key: key("objects", "Objects"),
      protect,
    },
    on,
  );
  const registryKey = key("registry", "Images, models and data sets");

  return {
    kubernetes: cluster.provider,
    connect: ({ images, repositories }) => {
      const registry = new EcrRegistry(
        "registry",
        { ...place, key: registryKey, images, repositories, protect },
        on,
      );
      const role = (
        name: string,
        account: ServiceAccount,
        statements: readonly AwsStatement[],
      ): EksServiceAccountRole =>
        new EksServiceAccountRole(name, { oidc: cluster.oidc, ...account, statements }, on);
      return {
        registry,
        redis,
        exporters: deployEksAddOns({ ...place, cluster, clusterName, registry, hasGpus, hasNeuron }, on),
        target: awsTargets({ ...place, prefix: clusterName, protect, network, redis }, on),
        secrets:
          secretStore &&
          (({ namespace, serviceAccount, secrets }) => ({
            stores: { "aws-secrets-manager": { region } },
            identity: role(
              `${serviceAccount}-identity`,
              { namespace, serviceAccount },
              secretStore.readStatements(...secrets),
            ).identity,
          })),
        identity: ({ namespace, serviceAccount, access }) => {
          const statements = [
            ...registry.statements(access),
            ...(access === "write" ? bucket.writeStatements() : []),
          ];
          if (statements.length === 0) return undefined;
          return role(`${namespace}-${serviceAccount}-identity`, { namespace, serviceAccount }, statements)
            .identity;
        },
      };
    },
  };
}

interface ServiceAccount {
  namespace: string;
  serviceAccount: string;
}
