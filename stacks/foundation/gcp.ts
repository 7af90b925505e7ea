import * as pulumi from "@pulumi/pulumi";
import { GcpBudget } from "../../components/gcp/budget.ts";
import { Gke } from "../../components/gcp/cluster/gke.ts";
import { GkeBackup } from "../../components/gcp/cluster/gke-backup.ts";
import { CloudSqlPostgresql } from "../../components/gcp/cloud-sql-postgresql.ts";
import { CloudDns } from "../../components/gcp/cloud-dns.ts";
import type { GcpService } from "../../components/gcp/agents.ts";
import { GcpKey } from "../../components/gcp/key.ts";
import { GcpNetwork } from "../../components/gcp/network.ts";
import { CloudStorage } from "../../components/gcp/cloud-storage.ts";
import { GcpProject } from "../../components/gcp/project.ts";
import { Memorystore } from "../../components/gcp/memorystore.ts";
import { ArtifactRegistryImages } from "../../components/gcp/artifact-registry-images.ts";
import { GcpSecretManager } from "../../components/gcp/secret-manager.ts";
import type { CloudConfig } from "../config/schema/cloud.ts";
import type { GkeConfig } from "../config/schema/cluster.ts";
import { commonOutputs, type ExportedFoundation } from "./common-outputs.ts";
import type { FoundationArgs } from "./foundation-args.ts";
import type { gcpFoundationSchema } from "./gcp-outputs.ts";
import { gcpProvider } from "./gcp-provider.ts";
import { targetAgents } from "./target-agents.ts";

/**
 * Creates the foundation on Google Cloud: the APIs of the project, a network, GKE, repositories of images, storage, keys, a budget, and
 * optional parts of the config.
 */
export function gcpFoundation(
  args: FoundationArgs<GkeConfig>,
): ExportedFoundation<typeof gcpFoundationSchema> {
  const { cluster: config, cloud, images, registryUrl, grantSeconds } = args;
  const { project: projectId, region } = config;
  const { prefix, protect } = cloud;
  const opts = { provider: gcpProvider(config, cloud) };

  const { apis, agents } = apisAndAgents(cloud);
  const project = new GcpProject(
    "project",
    { project: projectId, apis, agents, logDays: config.logDays, enableSeconds: grantSeconds },
    opts,
  );
  const common = { project: project.id, region };
  const createKey = (name: string, ...services: GcpService[]): GcpKey => {
    const users: Record<string, pulumi.Output<string>> = Object.fromEntries(
      services.map((service) => [service, project.agent(service)]),
    );
    return new GcpKey(`${name}-encryption`, { ...common, users, grantSeconds, protect }, opts);
  };

  const managedServices = cloud.redis !== undefined || cloud.database !== undefined;
  const network = new GcpNetwork("network", { ...common, nat: config.nat !== "none", managedServices }, opts);
  const cluster = new Gke(
    "cluster",
    {
      ...common,
      network,
      key: createKey("cluster", "container", "compute"),
      version: config.version,
      adminCidrs: config.adminCidrs,
      zones: config.zones,
      systemPool: config.nodePools.system,
      cpuPool: config.nodePools.cpu,
      gpuPools: config.gpuPools,
      autoProvisioning: config.nodeAutoProvisioning,
      tpuPools: config.tpuPools,
      imageSources: config.binaryAuthorization && [
        `${region}-docker.pkg.dev/${projectId}/**`,
        ...config.binaryAuthorization.imageSources,
      ],
      secretManager: cloud.secrets.length > 0,
      backupAgent: cloud.backup !== undefined,
      ingress: cloud.dns?.ingress,
      protect,
    },
    opts,
  );
  if (cloud.backup !== undefined)
    new GkeBackup(
      "backup",
      {
        ...common,
        clusterId: cluster.id,
        key: createKey("backup", "gkebackup", "container"),
        hourUtc: cloud.backup.hourUtc,
        retentionDays: cloud.backup.retentionDays,
        protect,
      },
      opts,
    );
  const storage = new CloudStorage(
    "storage",
    { ...common, bucketName: `${prefix}-${projectId}-data`, key: createKey("storage", "storage"), protect },
    opts,
  );
  new GcpBudget("budget", { project, ...cloud.budget }, opts);
  if (cloud.secrets.length > 0)
    new GcpSecretManager(
      "secrets",
      { ...common, prefix, names: cloud.secrets, key: createKey("secrets", "secretmanager"), protect },
      opts,
    );
  const dns = cloud.dns && new CloudDns("dns", { project: project.id, zone: cloud.dns.zone, protect }, opts);
  const database =
    cloud.database &&
    new CloudSqlPostgresql(
      "database",
      { ...common, network, key: createKey("database", "sqladmin"), ...cloud.database, protect },
      opts,
    );
  const { redis: redisConfig } = cloud;
  const redis =
    redisConfig &&
    new Memorystore(
      "redis",
      {
        ...common,
        network,
        key: createKey("redis", "redis"),
        memoryGib: redisConfig.memoryGib,
        replicas: redisConfig.replicas,
        protect,
      },
      opts,
    );

  const registryKey = createKey("registry", "artifactregistry").keyName;
  new ArtifactRegistryImages(
    "registry",
    {
      url: registryUrl,
      project: project.id,
      keyName: registryKey,
      images,
      nodeMember: cluster.nodeMember,
      protect,
    },
    opts,
  );

  return {
    ...commonOutputs({ cluster, registryUrl, dns, redis, database }),
    redisCaCertificate: redis?.caCertificate ?? null,
    databasePassword: database?.password ?? null,
    databaseCaCertificate: database?.caCertificate ?? null,
    projectNumber: project.number,
    agents: pulumi.all(Object.fromEntries(agents.map((agent) => [agent, project.agent(agent)]))),
    networkId: network.id,
    subnetId: network.subnetId,
    registryKeyName: registryKey,
    volumesKeyName: cluster.volumesKeyName,
    bucket: storage.bucket,
    certificateMap: dns?.certificateMap ?? null,
    dnsZoneName: dns?.zoneName ?? null,
  };
}

/** Returns the APIs that the config needs, and the services whose agents encrypt with a key of the stack. */
function apisAndAgents({ redis, database, dns, secrets, targets, backup }: CloudConfig): {
  apis: string[];
  agents: GcpService[];
} {
  const apis = [
    "billingbudgets",
    "binaryauthorization",
    "cloudbilling",
    "cloudkms",
    "cloudresourcemanager",
    "containerscanning",
    "iam",
    "iamcredentials",
    "logging",
    "monitoring",
  ];
  const agents: GcpService[] = ["artifactregistry", "compute", "container", "storage"];
  agents.push(...targetAgents(targets, redis !== undefined));
  if (redis !== undefined || database !== undefined) apis.push("servicenetworking");
  if (dns !== undefined) apis.push("certificatemanager", "dns");
  if (dns?.ingress === true) apis.push("iap"); // gateways may check their callers with it
  if (backup !== undefined) agents.push("gkebackup");
  if (redis !== undefined) agents.push("redis");
  if (database !== undefined) agents.push("sqladmin");
  if (secrets.length > 0) agents.push("secretmanager");
  return { apis, agents: [...new Set(agents)] };
}
