import * as azure from "@pulumi/azure-native/provider.js";
import { AzureBudget } from "../../components/azure/budget.ts";
import { Aks } from "../../components/azure/cluster/aks.ts";
import { AzurePostgresql } from "../../components/azure/postgresql.ts";
import { AzureDns } from "../../components/azure/dns.ts";
import {
  AksFederatedIdentity,
  type AksFederatedIdentityArgs,
} from "../../components/azure/cluster/aks-federated-identity.ts";
import { AzureKeyVault } from "../../components/azure/key-vault.ts";
import { AzureFlowLogs } from "../../components/azure/flow-logs.ts";
import { AzureNetwork } from "../../components/azure/network.ts";
import { zonesOfRegion } from "../../components/azure/zones.ts";
import { AzureResourceGroup } from "../../components/azure/resource-group.ts";
import { BlobStorage } from "../../components/azure/blob-storage.ts";
import { AzureRedis } from "../../components/azure/redis.ts";
import { Acr } from "../../components/azure/acr.ts";
import { AzureKeyVaultSecrets } from "../../components/azure/key-vault-secrets.ts";
import type { AksConfig } from "../config/schema/cluster.ts";
import type { CloudFoundationArgs, Foundation } from "./foundation.ts";
import { deployAksAddOns } from "./aks-add-ons.ts";
import { azureTargets, privateServicesOf } from "./targets/azure.ts";

/** Blob container for data that jobs write in addition to artifacts. */
const DATA_CONTAINER = "data";

/** Creates the foundation on Azure: a resource group, a network, AKS, a registry, storage, keys, a budget, and optional parts of the config. */
export function azureFoundation(args: CloudFoundationArgs<AksConfig>): Foundation {
  const { cluster, cloud, targets = [] } = args;
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
    hsmKeys: hsm,
  } = cluster;
  const { prefix, tags, protect } = cloud;
  const zones = cluster.zones ?? zonesOfRegion(location);
  const zoneRedundant = zones.length > 0;
  const redundancy = zoneRedundant ? "Standard_ZRS" : "Standard_LRS";
  const provider = new azure.Provider("azure", { subscriptionId: subscription, tenantId: tenant, location });
  const opts = { providers: { "azure-native": provider } };

  const group = new AzureResourceGroup("group", { subscription, tenant, location, prefix, tags }, opts);
  const { place, workspaceId } = group;
  const services = [
    "blob",
    "registry",
    "vault",
    ...(cloud.redis === undefined ? [] : ["redis" as const]),
    ...privateServicesOf(targets),
  ] as const;
  const functions = targets.includes("azure-functions");
  const network = new AzureNetwork(
    "network",
    { ...place, services, functions, adminCidrs, adminSubnet, zones },
    opts,
  );
  const keys = new AzureKeyVault(
    "keys",
    { ...place, network, workspaceId, keys: ["cluster", "data", "volumes"], hsm, protect },
    opts,
  );
  const key = keys.key("data");
  new AzureFlowLogs("flow-logs", { ...place, network, key, workspaceId, redundancy }, opts);
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
      zones,
      encryptionAtHost,
      podLogs,
      protect,
    },
    opts,
  );
  const resourceGroups = [group.groupName, aks.nodeResourceGroup];
  new AzureBudget("budget", { ...place, ...cloud.budget, resourceGroups }, opts);
  const managed = { ...place, network, key, workspaceId, protect };
  const redis = cloud.redis && new AzureRedis("redis", { ...managed, ...cloud.redis }, opts);
  if (cloud.database !== undefined)
    new AzurePostgresql("database", { ...managed, adminGroups, zoneRedundant, ...cloud.database }, opts);
  const secretStore =
    cloud.secrets.length > 0
      ? new AzureKeyVaultSecrets(
          "secrets",
          { ...place, ...admins, network, workspaceId, secrets: cloud.secrets, protect },
          opts,
        )
      : undefined;
  if (cloud.dns !== undefined) new AzureDns("dns", { ...place, zone: cloud.dns.zone, protect }, opts);

  return {
    kubernetes: aks.provider,
    connect: ({ url, images }) => {
      const { kubeletPrincipalId } = aks;
      const registry = new Acr(
        "registry",
        {
          ...place,
          ...admins,
          url,
          network,
          workspaceId,
          kubeletPrincipalId,
          images,
          zoneRedundant,
          protect,
        },
        opts,
      );
      const createIdentity = (
        name: string,
        request: Pick<AksFederatedIdentityArgs, "namespace" | "serviceAccount" | "grants">,
      ): AksFederatedIdentity =>
        new AksFederatedIdentity(name, { ...place, issuer: aks.oidcIssuerUrl, ...request }, opts);
      return {
        registry,
        redis,
        exporters: deployAksAddOns(aks, gpuPools, registry),
        target: azureTargets(
          { place, network, key, workspaceId, redundancy, protect, registry, redis },
          opts,
        ),
        secrets:
          secretStore &&
          (({ namespace, serviceAccount, secrets }) => {
            const grants = secrets.map((secret) => [
              secret,
              { role: "Key Vault Secrets User" as const, scope: secretStore.secretId(secret) },
            ]);
            return {
              stores: { "azure-key-vault": { vaultUrl: secretStore.vaultUrl, tenantId: tenant } },
              identity: createIdentity(`${serviceAccount}-identity`, {
                namespace,
                serviceAccount,
                grants: Object.fromEntries(grants) as AksFederatedIdentityArgs["grants"],
              }),
            };
          }),
        identity: ({ namespace, serviceAccount, access }) => {
          const write = access === "write";
          return createIdentity(`${namespace}-${serviceAccount}-identity`, {
            namespace,
            serviceAccount,
            grants: {
              registry: { role: write ? "AcrPush" : "AcrPull", scope: registry.id },
              ...(write
                ? { data: { role: "Storage Blob Data Contributor", scope: data.containerId(DATA_CONTAINER) } }
                : {}),
            },
          });
        },
      };
    },
  };
}
