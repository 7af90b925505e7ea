import * as gcp from "@pulumi/gcp";
import type * as pulumi from "@pulumi/pulumi";
import { GcpBudget } from "../../components/gcp/budget.ts";
import { Gke } from "../../components/gcp/cluster/gke.ts";
import { CloudSqlPostgresql } from "../../components/gcp/cloud-sql-postgresql.ts";
import { CloudDns } from "../../components/gcp/cloud-dns.ts";
import { GkeServiceAccount } from "../../components/gcp/cluster/gke-service-account.ts";
import type { GcpService } from "../../components/gcp/agents.ts";
import { GcpKey } from "../../components/gcp/key.ts";
import { GcpNetwork } from "../../components/gcp/network.ts";
import { CloudStorage } from "../../components/gcp/cloud-storage.ts";
import { GcpProject } from "../../components/gcp/project.ts";
import { Memorystore } from "../../components/gcp/memorystore.ts";
import { ArtifactRegistry } from "../../components/gcp/artifact-registry.ts";
import { GcpSecretManager } from "../../components/gcp/secret-manager.ts";
import type { CloudConfig } from "../config/schema/cloud.ts";
import type { GkeConfig } from "../config/schema/cluster.ts";
import type { TargetKind } from "../config/schema/target.ts";
import type { CloudFoundationArgs, Foundation } from "./foundation.ts";
import { agentsOf, gcpTargets } from "./targets/gcp.ts";

/** Creates the foundation on Google Cloud: the APIs of the project, a network, GKE, a registry, storage, keys, a budget, and optional parts of the config. */
export function gcpFoundation(args: CloudFoundationArgs<GkeConfig>): Foundation {
  const { cluster: config, cloud, targets = [], grantSeconds } = args;
  const { project: projectId, region } = config;
  const { prefix, protect } = cloud;
  const provider = new gcp.Provider("gcp", {
    project: projectId,
    region,
    defaultLabels: cloud.tags,
    // Requests about budgets and service agents must name a project for quota and billing.
    billingProject: projectId,
    userProjectOverride: true,
  });
  const opts = { provider };

  const project = new GcpProject(
    "project",
    { project: projectId, ...apisAndAgents(cloud, targets), enableSeconds: grantSeconds },
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
  const network = new GcpNetwork("network", { ...common, managedServices }, opts);
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
      tpuPools: config.tpuPools,
      imageSources: config.binaryAuthorization && [
        `${region}-docker.pkg.dev/${projectId}/**`,
        ...config.binaryAuthorization.imageSources,
      ],
      secretManager: cloud.secrets.length > 0,
      ingress: cloud.dns?.ingress,
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
  const secretStore =
    cloud.secrets.length > 0
      ? new GcpSecretManager(
          "secrets",
          { ...common, prefix, names: cloud.secrets, key: createKey("secrets", "secretmanager"), protect },
          opts,
        )
      : undefined;
  if (cloud.dns !== undefined)
    new CloudDns("dns", { project: project.id, zone: cloud.dns.zone, protect }, opts);
  if (cloud.database !== undefined)
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

  const registryKey = createKey("registry", "artifactregistry");
  return {
    kubernetes: cluster.provider,
    connect: ({ url, images, repositories }) => {
      const registry = new ArtifactRegistry(
        "registry",
        { url, project: project.id, key: registryKey, images, repositories, protect },
        opts,
      );
      registry.allowPull("cluster-nodes", cluster.nodeMember, "images");
      const createServiceAccount = (
        name: string,
        { namespace, serviceAccount }: { namespace: string; serviceAccount: string },
      ): GkeServiceAccount =>
        new GkeServiceAccount(
          name,
          { project: project.id, cluster: cluster.resource, prefix, namespace, serviceAccount },
          opts,
        );
      return {
        registry,
        redis,
        exporters: [], // GKE runs its own exporter of GPU metrics
        target: gcpTargets({ project, region, prefix, network, createKey, registry, redis }, opts),
        secrets:
          secretStore &&
          (({ namespace, serviceAccount, secrets }) => {
            const identity = createServiceAccount(`${serviceAccount}-identity`, {
              namespace,
              serviceAccount,
            });
            for (const secret of secrets)
              secretStore.allowRead(serviceAccount, secret, identity.member, { parent: identity });
            return { stores: { "gcp-secret-manager": { project: projectId } }, identity };
          }),
        identity: ({ namespace, serviceAccount, access }) => {
          const name = `${namespace}-${serviceAccount}`;
          const identity = createServiceAccount(`${name}-identity`, { namespace, serviceAccount });
          const child = { parent: identity };
          if (access === "write") {
            registry.allowPush(name, identity.member, child);
            storage.allowWrite(name, identity.member, child);
          } else registry.allowPull(name, identity.member, "all", child);
          return identity;
        },
      };
    },
  };
}

/** Returns the APIs that the config needs, and the services whose agents encrypt with a key of the stack. */
function apisAndAgents(
  { redis, database, dns, secrets }: CloudConfig,
  targets: readonly TargetKind[],
): { apis: string[]; agents: GcpService[] } {
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
  agents.push(...agentsOf(targets, redis !== undefined));
  if (redis !== undefined || database !== undefined) apis.push("servicenetworking");
  if (dns !== undefined) apis.push("certificatemanager", "dns");
  if (redis !== undefined) agents.push("redis");
  if (database !== undefined) agents.push("sqladmin");
  if (secrets.length > 0) agents.push("secretmanager");
  return { apis, agents };
}
