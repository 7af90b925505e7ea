import * as pulumi from "@pulumi/pulumi";
import { AwsBudget } from "../../components/aws/budget.ts";
import { EksGpuNodePool } from "../../components/aws/cluster/eks-gpu-node-pool.ts";
import { EksNeuronNodePool } from "../../components/aws/cluster/eks-neuron-node-pool.ts";
import { EksCluster } from "../../components/aws/cluster/eks.ts";
import { RdsPostgresql } from "../../components/aws/rds-postgresql.ts";
import { Route53Dns } from "../../components/aws/route53.ts";
import { AwsKey, forLogGroups } from "../../components/aws/key.ts";
import { after } from "../../components/platform/after.ts";
import { AwsVpc } from "../../components/aws/vpc.ts";
import { S3Bucket } from "../../components/aws/s3.ts";
import { ElasticacheRedis } from "../../components/aws/elasticache.ts";
import { EcrImages } from "../../components/aws/ecr-images.ts";
import { AwsSecretsManager } from "../../components/aws/secrets-manager.ts";
import type { EksConfig } from "../config/schema/cluster.ts";
import { awsBackup } from "./aws-backup.ts";
import { eksZones } from "../config/schema/eks-zones.ts";
import { vpcEndpoints } from "../config/schema/vpc-endpoints.ts";
import { awsProvider, objectsBucket } from "./aws-names.ts";
import type { awsFoundationSchema } from "./aws-outputs.ts";
import { commonOutputs, type ExportedFoundation } from "./common-outputs.ts";
import type { FoundationArgs } from "./foundation-args.ts";

/** Tag of the volumes that are backed up; its value is the name of the cluster. */
const BACKUP_TAG = "slipway-backup";

/** Creates the foundation on AWS: a network in two or three zones, EKS, repositories of images, S3, keys, a budget, and optional parts of the config. */
export function awsFoundation({
  cluster: config,
  cloud,
  images,
  registryUrl,
  upstreamSecrets,
}: FoundationArgs<EksConfig>): ExportedFoundation<typeof awsFoundationSchema> {
  const { account, region } = config;
  const { prefix: clusterName, protect, tags } = cloud;
  const opts = { provider: awsProvider(config, cloud) };
  const volumeTag = { key: BACKUP_TAG, value: clusterName };
  const accountAndRegion = { account, region };

  const createKey = (name: string, description: string): AwsKey =>
    new AwsKey(`${name}-encryption`, { description, account, protect }, opts);

  new AwsBudget("budget", cloud.budget, opts);
  const logsKey = new AwsKey(
    "logs-encryption",
    { description: "Logs", account, services: [forLogGroups(account, region)], protect },
    opts,
  );
  const { zones, nat } = config;
  const endpoints = vpcEndpoints(config, cloud);
  const { logDays } = config;
  const network = new AwsVpc(
    "network",
    { ...accountAndRegion, logsKey, zones, nat, endpoints, flowLogDays: logDays },
    opts,
  );
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
      logDays,
      volumeTags: cloud.backup && { [volumeTag.key]: volumeTag.value },
      autoMode: config.nodeAutoProvisioning !== undefined,
      systemPool: config.nodePools.system,
      cpuPool: config.nodePools.cpu,
      tags,
      protect,
    },
    opts,
  );
  for (const [pool, gpus] of Object.entries(config.gpuPools)) {
    const subnet = gpus.capacity && network.privateSubnets[eksZones(config).indexOf(gpus.capacity.zone)];
    new EksGpuNodePool(`cluster-gpu-${pool}`, { home: cluster.nodes, pool, ...gpus, subnet }, opts);
  }
  for (const [pool, chips] of Object.entries(config.neuronPools))
    new EksNeuronNodePool(`cluster-neuron-${pool}`, { home: cluster.nodes, pool, ...chips }, opts);

  const clients = cluster.securityGroupId;
  const redis =
    cloud.redis &&
    new ElasticacheRedis(
      "redis",
      { network, clients, key: createKey("redis", "The online feature store"), ...cloud.redis, protect },
      opts,
    );
  const databaseKey = cloud.database && createKey("database", "PostgreSQL");
  const database =
    databaseKey &&
    new RdsPostgresql("database", { network, clients, key: databaseKey, ...cloud.database, protect }, opts);
  const secretsKey = cloud.secrets.length > 0 ? createKey("secrets", "Secrets") : undefined;
  const secretStore =
    secretsKey &&
    new AwsSecretsManager(
      "secrets",
      { prefix: clusterName, secrets: cloud.secrets, key: secretsKey, protect },
      opts,
    );
  const dns =
    cloud.dns &&
    new Route53Dns("dns", { zone: cloud.dns.zone, delegated: cloud.dns.delegated, protect }, opts);
  const objectsKey = createKey("objects", "Objects");
  const objects = new S3Bucket(
    "objects",
    { account, bucketName: objectsBucket(config, cloud), key: objectsKey, protect },
    opts,
  );
  const registryKey = createKey("registry", "Images, models and data sets");
  new EcrImages("registry", { keyArn: registryKey.arn, images, upstreamSecrets, protect }, opts);
  if (cloud.backup !== undefined)
    awsBackup(
      config,
      { ...cloud, backup: cloud.backup },
      {
        volumeTag,
        bucketArn: after(objects.arn, objects.bucketName), // once the bucket is there
        databaseArn: database?.arn,
        dataKeyArns: [
          cluster.volumesKeyArn,
          objectsKey.arn,
          ...(databaseKey === undefined ? [] : [databaseKey.arn]),
        ],
      },
      opts,
    );

  return {
    ...commonOutputs({ cluster, registryUrl, dns, redis, database }),
    databaseCredentialsArn: database?.credentialsArn ?? null,
    redisSecurityGroupId: redis?.securityGroupId ?? null,
    oidcProviderArn: cluster.oidc.providerArn,
    oidcIssuer: cluster.oidc.issuer,
    vpcId: network.vpcId,
    // Whoever gets the subnets finds their routes.
    privateSubnetIds: pulumi.all(
      network.privateSubnetIds.map((id) => after(id, ...network.egress.map(({ urn }) => urn))),
    ),
    publicSubnetIds: pulumi.all(network.publicSubnetIds),
    publicSubnetCidrs: [...network.publicCidrs],
    nodesSecurityGroupId: cluster.securityGroupId,
    autoNodeRoleName: cluster.autoNodeRoleName ?? null,
    dnsZoneId: dns?.zoneId ?? null,
    certificateArn: dns?.certificateArn ?? null,
    registryKeyArn: registryKey.arn,
    objectsKeyArn: objectsKey.arn,
    secretsKeyArn: secretsKey?.arn ?? null,
    volumesKeyArn: cluster.volumesKeyArn,
    secretArns: secretStore === undefined ? {} : pulumi.all(secretStore.arns),
  };
}
