import * as aws from "@pulumi/aws";
import { AwsBudget } from "../../components/aws/budget.ts";
import { EksClusterAutoscaler } from "../../components/aws/cluster/eks-cluster-autoscaler.ts";
import { EksGpuNodePool } from "../../components/aws/cluster/eks-gpu-node-pool.ts";
import { EksNeuronDevicePlugin } from "../../components/aws/cluster/eks-neuron-device-plugin.ts";
import { EksNeuronNodePool } from "../../components/aws/cluster/eks-neuron-node-pool.ts";
import { EksCluster } from "../../components/aws/cluster/eks.ts";
import { RdsPostgresql } from "../../components/aws/rds-postgresql.ts";
import { Route53Dns } from "../../components/aws/route53.ts";
import { DcgmExporter } from "../../components/platform/gpu/dcgm-exporter.ts";
import { GpuSystem } from "../../components/platform/gpu/gpu-system.ts";
import { EksServiceAccountRole } from "../../components/aws/cluster/eks-service-account-role.ts";
import type { AddOnImage } from "../../components/platform/registry/images-lock.ts";
import type { MetricsExporter } from "../../components/platform/monitoring/metrics-exporter.ts";
import { AwsKey, forLogGroups } from "../../components/aws/key.ts";
import { AwsVpc } from "../../components/aws/vpc.ts";
import { S3Bucket } from "../../components/aws/s3.ts";
import { ElasticacheRedis } from "../../components/aws/elasticache.ts";
import { EcrRegistry } from "../../components/aws/ecr.ts";
import { AwsSecretsManager } from "../../components/aws/secrets-manager.ts";
import type { EksConfig } from "../config/schema/cluster.ts";
import type { CloudFoundationArgs, Foundation } from "./foundation.ts";
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
  if (cloud.dns?.ingress === true)
    throw new Error(
      "cloud.dns: ingress must be false on AWS, got true; put a load balancer of your own before the services",
    );
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

  let registry: EcrRegistry | undefined;
  const exporters: MetricsExporter[] = [];
  return {
    kubernetes: cluster.provider,
    redis,
    registry: ({ images, repositories }) => {
      const ecr = new EcrRegistry(
        "registry",
        { ...place, key: registryKey, images, repositories, protect },
        on,
      );
      registry = ecr;
      const image = (name: AddOnImage): string => ecr.image(name);
      new EksClusterAutoscaler(
        "cluster-autoscaler",
        { ...place, cluster, clusterName, image: image("cluster-autoscaler") },
        on,
      );
      if (hasGpus || hasNeuron) {
        const inside = { provider: cluster.provider };
        const system = new GpuSystem("gpu-system", {}, inside);
        if (hasGpus) {
          const dcgm = new DcgmExporter("dcgm-exporter", { system, image: image("dcgm-exporter") }, inside);
          exporters.push(dcgm.metrics);
        }
        if (hasNeuron)
          new EksNeuronDevicePlugin("neuron", { system, image: image("neuron-device-plugin") }, inside);
      }
      return ecr;
    },
    target: awsTargets({ ...place, prefix: clusterName, protect, network, redis }, on),
    exporters: () => exporters,
    secrets:
      secretStore &&
      (({ namespace, serviceAccount, secrets }) => ({
        stores: { "aws-secrets-manager": { region } },
        identity: new EksServiceAccountRole(
          `${serviceAccount}-identity`,
          {
            oidc: cluster.oidc,
            namespace,
            serviceAccount,
            statements: secretStore.readStatements(...secrets),
          },
          on,
        ).identity,
      })),
    identity: ({ namespace, serviceAccount, access }) => {
      if (registry === undefined)
        throw new Error(`${serviceAccount}: the registry must be there before its identity`);
      const statements = [
        ...registry.statements(access),
        ...(access === "write" ? bucket.writeStatements() : []),
      ];
      if (statements.length === 0) return undefined;
      const role = new EksServiceAccountRole(
        `${namespace}-${serviceAccount}-identity`,
        { oidc: cluster.oidc, namespace, serviceAccount, statements },
        on,
      );
      return role.identity;
    },
  };
}
