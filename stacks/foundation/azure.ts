import * as pulumi from "@pulumi/pulumi";
import { AzureBudget } from "../../components/azure/budget.ts";
import { Aks } from "../../components/azure/cluster/aks.ts";
import { AzurePostgresql } from "../../components/azure/postgresql.ts";
import { AzureDns } from "../../components/azure/dns.ts";
import { AzureKeyVault } from "../../components/azure/key-vault.ts";
import { AzureFlowLogs } from "../../components/azure/flow-logs.ts";
import { AzureNetwork } from "../../components/azure/network.ts";
import { AzureResourceGroup } from "../../components/azure/resource-group.ts";
import { BlobStorage } from "../../components/azure/blob-storage.ts";
import { AzureRedis } from "../../components/azure/redis.ts";
import { Acr } from "../../components/azure/acr.ts";
import { AzureKeyVaultCertificates } from "../../components/azure/key-vault-certificates.ts";
import { AzureKeyVaultSecrets } from "../../components/azure/key-vault-secrets.ts";
import type { AksConfig } from "../config/schema/cluster.ts";
import type { azureFoundationSchema } from "./azure-outputs.ts";
import { DATA_KEY } from "./azure-names.ts";
import { azureProvider } from "./azure-provider.ts";
import { azureZones, storageRedundancy } from "./azure-zones.ts";
import { commonOutputs, type ExportedFoundation } from "./common-outputs.ts";
import type { FoundationArgs } from "./foundation-args.ts";
import { privateServicesOf } from "./private-services.ts";

/** Blob container for data that jobs write in addition to artifacts. */
const DATA_CONTAINER = "data";

/** Creates the foundation on Azure: a resource group, a network, AKS, a registry, storage, keys, a budget, and optional parts of the config. */
export function azureFoundation({
  cluster,
  cloud,
  images,
  registryUrl,
}: FoundationArgs<AksConfig>): ExportedFoundation<typeof azureFoundationSchema> {
  const {
    subscription,
    tenant,
    region: location,
    adminGroups,
    version,
    adminCidrs,
    adminSubnet,
    nodePools,
    gpuPools,
    encryptionAtHost,
    podLogs,
    logDays,
    hsmKeys: hsm,
  } = cluster;
  const { prefix, tags, protect } = cloud;
  const zones = azureZones(cluster);
  const zoneRedundant = zones.length > 0;
  const redundancy = storageRedundancy(cluster);
  const opts = { providers: { "azure-native": azureProvider(cluster) } };

  const group = new AzureResourceGroup(
    "group",
    { subscription, tenant, location, prefix, tags, logRetentionDays: logDays },
    opts,
  );
  const { place, workspaceId } = group;
  const services = [
    "blob",
    "registry",
    "vault",
    ...(cloud.redis === undefined ? [] : ["redis" as const]),
    ...privateServicesOf(cloud.targets),
  ] as const;
  const functions = cloud.targets.includes("azure-functions");
  const gateways = cloud.dns?.ingress === true;
  const network = new AzureNetwork(
    "network",
    { ...place, services, functions, adminCidrs, adminSubnet, gateways, zones },
    opts,
  );
  const keys = new AzureKeyVault(
    "keys",
    { ...place, network, workspaceId, keys: ["cluster", DATA_KEY, "volumes"], hsm, protect },
    opts,
  );
  const key = keys.key(DATA_KEY);
  new AzureFlowLogs(
    "flow-logs",
    { ...place, network, key, workspaceId, redundancy, retentionDays: logDays },
    opts,
  );
  const admins = { adminGroups, adminCidrs };
  const data = new BlobStorage(
    "data",
    {
      ...place,
      ...admins,
      purpose: "data",
      network,
      key,
      workspaceId,
      containers: [DATA_CONTAINER],
      redundancy,
      protect,
    },
    opts,
  );
  const aks = new Aks(
    "cluster",
    {
      ...place,
      network,
      key: keys.key("cluster"),
      volumesKey: keys.key("volumes"),
      workspaceId,
      adminGroups,
      version,
      adminCidrs,
      systemPool: nodePools.system,
      cpuPool: nodePools.cpu,
      gpuPools,
      autoProvisioning: cluster.nodeAutoProvisioning !== undefined,
      zones,
      encryptionAtHost,
      podLogs,
      gateway: gateways,
      protect,
    },
    opts,
  );
  const resourceGroups = [group.groupName, aks.nodeResourceGroup];
  new AzureBudget("budget", { ...place, ...cloud.budget, resourceGroups }, opts);
  const managed = { ...place, network, key, workspaceId, protect };
  const redis = cloud.redis && new AzureRedis("redis", { ...managed, ...cloud.redis }, opts);
  const database =
    cloud.database &&
    new AzurePostgresql("database", { ...managed, adminGroups, zoneRedundant, ...cloud.database }, opts);
  const secretStore =
    cloud.secrets.length > 0
      ? new AzureKeyVaultSecrets(
          "secrets",
          { ...place, ...admins, network, workspaceId, secrets: cloud.secrets, protect },
          opts,
        )
      : undefined;
  const dns =
    cloud.dns &&
    new AzureDns(
      "dns",
      { ...place, zone: cloud.dns.zone, authorities: cloud.dns.authorities, protect },
      opts,
    );
  const certificates = gateways
    ? new AzureKeyVaultCertificates(
        "certificates",
        { ...place, ...admins, network, workspaceId, protect },
        opts,
      )
    : undefined;

  const registry = new Acr(
    "registry",
    {
      ...place,
      ...admins,
      url: registryUrl,
      network,
      workspaceId,
      kubeletPrincipalId: aks.kubeletPrincipalId,
      images,
      zoneRedundant,
      protect,
    },
    opts,
  );

  return {
    ...commonOutputs({ cluster: aks, registryUrl, dns, redis, database }),
    resourceGroupName: place.resourceGroupName,
    workspaceId,
    oidcIssuerUrl: aks.oidcIssuerUrl,
    registryId: registry.id,
    dataContainerId: data.containerId(DATA_CONTAINER),
    volumesEncryptionSetId: aks.volumesEncryptionSetId,
    vaultUrl: secretStore?.vaultUrl ?? null,
    secretIds: secretStore === undefined ? {} : pulumi.all(secretStore.ids),
    nodesSecurityGroupName: gateways ? network.nodesSecurityGroupName : null,
    certificatesVaultId: certificates?.vaultId ?? null,
    certificatesVaultUrl: certificates?.vaultUrl ?? null,
    endpointsSubnetId: network.endpointsSubnetId,
    functionsSubnetId: network.functionsSubnetId ?? null,
    privateZoneIds: pulumi.all(
      Object.fromEntries(services.map((service) => [service, network.zoneOf(service).id])),
    ),
    dataKey: pulumi.output({
      id: key.id,
      uri: key.uri,
      versionedUri: key.versionedUri,
      vaultUri: key.vaultUri,
      vaultId: key.vaultId,
    }),
  };
}
