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

/** Creates the foundation on AWS: a network in two or three zones, EKS, ECR, S3, keys, a budget, and optional parts of the config. */
export function awsFoundation({ cluster: config, cloud }: CloudFoundationArgs<EksConfig>): Foundation {
  const { account, region } = config;
  const { prefix: clusterName, protect, tags } = cloud;
  const provider = new aws.Provider("aws", {
    region,
    allowedAccountIds: [account],
    defaultTags: { tags },
  });
  const opts = { provider };
  const accountAndRegion = { account, region };

  const createKey = (name: string, description: string): AwsKey =>
    new AwsKey(`${name}-encryption`, { description, account, protect }, opts);

  new AwsBudget("budget", cloud.budget, opts);
  const logsKey = new AwsKey(
    "logs-encryption",
    { description: "Logs", account, services: [forLogGroups(account, region)], protect },
    opts,
  );
  const { zones, nat, vpcEndpoints: endpoints } = config;
  const network = new AwsVpc("network", { ...accountAndRegion, logsKey, zones, nat, endpoints }, opts);
  const cluster = new EksCluster(
    "cluster",
    {
      ...accountAndRegion,
      clusterName,
      network,
      logsKey,
      version: config.version,
      adminCidrs: config.adminCidrs,
      adminRoleArns: config.adminRoleArns,
      viewerRoleArns: config.viewerRoleArns,
      nodeReleases: config.nodeReleases,
      addOnVersions: config.addOnVersions,
      podLogDays: config.podLogDays,
      systemPool: config.nodePools.system,
      cpuPool: config.nodePools.cpu,
      tags,
      protect,
    },
    opts,
  );
  for (const [pool, gpus] of Object.entries(config.gpuPools))
    new EksGpuNodePool(`cluster-gpu-${pool}`, { home: cluster.nodes, pool, ...gpus }, opts);
  for (const [pool, chips] of Object.entries(config.neuronPools))
    new EksNeuronNodePool(`cluster-neuron-${pool}`, { home: cluster.nodes, pool, ...chips }, opts);
  const hasGpus = Object.keys(config.gpuPools).length > 0;
  const hasNeuron = Object.keys(config.neuronPools).length > 0;

  const clients = cluster.securityGroupId;
  const redis =
    cloud.redis &&
    new ElasticacheRedis(
      "redis",
      { network, clients, key: createKey("redis", "The online feature store"), ...cloud.redis, protect },
      opts,
    );
  if (cloud.database !== undefined)
    new RdsPostgresql(
      "database",
      { network, clients, key: createKey("database", "PostgreSQL"), ...cloud.database, protect },
      opts,
    );
  const secretStore =
    cloud.secrets.length > 0
      ? new AwsSecretsManager(
          "secrets",
          { prefix: clusterName, secrets: cloud.secrets, key: createKey("secrets", "Secrets"), protect },
          opts,
        )
      : undefined;
  const dns =
    cloud.dns &&
    new Route53Dns("dns", { zone: cloud.dns.zone, delegated: cloud.dns.delegated, protect }, opts);
  const bucket = new S3Bucket(
    "objects",
    {
      account,
      bucketName: `${clusterName}-${account}-${region}`,
      key: createKey("objects", "Objects"),
      protect,
    },
    opts,
  );
  const registryKey = createKey("registry", "Images, models and data sets");

  return {
    kubernetes: cluster.provider,
    nameServers: dns?.nameServers,
    connect: ({ images, repositories }) => {
      const registry = new EcrRegistry(
        "registry",
        { ...accountAndRegion, key: registryKey, images, repositories, protect },
        opts,
      );
      const createRole = (
        name: string,
        account: ServiceAccount,
        statements: readonly AwsStatement[],
      ): EksServiceAccountRole =>
        new EksServiceAccountRole(name, { oidc: cluster.oidc, ...account, statements }, opts);
      return {
        registry,
        redis,
        exporters: deployEksAddOns(
          { ...accountAndRegion, cluster, clusterName, registry, images, hasGpus, hasNeuron },
          opts,
        ),
        target: awsTargets({ ...accountAndRegion, prefix: clusterName, protect, network, redis }, opts),
        secrets:
          secretStore &&
          (({ namespace, serviceAccount, secrets }) => ({
            stores: { "aws-secrets-manager": { region } },
            identity: createRole(
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
          return createRole(
            `${namespace}-${serviceAccount}-identity`,
            { namespace, serviceAccount },
            statements,
          ).identity;
        },
      };
    },
  };
}

/** A service account of the cluster. */
interface ServiceAccount {
  namespace: string;
  serviceAccount: string;
}
