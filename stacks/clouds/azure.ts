import * as azure from "@pulumi/azure-native/provider.js";
import { Aks } from "../../components/cluster/aks.ts";
import { AksFederatedIdentity } from "../../components/identity/aks-federated-identity.ts";
import { AzureKeyVault } from "../../components/keys/azure-key-vault.ts";
import { AzureFlowLogs } from "../../components/network/azure-flow-logs.ts";
import { AzureNetwork } from "../../components/network/azure-network.ts";
import { AzureResourceGroup } from "../../components/network/azure-resource-group.ts";
import { BlobStorage } from "../../components/object-storage/blob-storage.ts";
import { Acr } from "../../components/registry/acr.ts";
import type { AksConfig } from "../schema/cluster.ts";
import type { CloudFoundationArgs, Foundation } from "./foundation.ts";

/** Container of what pods write besides artifacts. */
const DATA = "data";

/** A cluster on AKS, and what Azure adds to it. The API is Azure Resource Manager's own: azure-native. */
export function azureFoundation({ cluster, cloud }: CloudFoundationArgs<AksConfig>): Foundation {
  const {
    subscription,
    tenant,
    region: location,
    adminGroups,
    version,
    allowedCidrs,
    nodePools,
    gpuPools,
  } = cluster;
  const { prefix, tags, protect } = cloud;
  const provider = new azure.Provider("azure", { subscriptionId: subscription, tenantId: tenant, location });
  const on = { providers: { "azure-native": provider } };

  const group = new AzureResourceGroup("group", { subscription, tenant, location, prefix, tags }, on);
  const { place, workspaceId } = group;
  const network = new AzureNetwork("network", { ...place, services: ["blob", "registry", "vault"] }, on);
  const keys = new AzureKeyVault(
    "keys",
    { ...place, network, workspaceId, keys: ["cluster", "data"], protect },
    on,
  );
  const key = keys.key("data");
  new AzureFlowLogs("flow-logs", { ...place, network, key, workspaceId }, on);
  const data = new BlobStorage(
    "data",
    { ...place, purpose: "data", network, key, workspaceId, containers: [DATA], protect },
    on,
  );
  const aks = new Aks(
    "cluster",
    {
      ...place,
      network,
      key: keys.key("cluster"),
      workspaceId,
      adminGroups,
      version,
      allowedCidrs,
      system: nodePools.system,
      cpu: nodePools.cpu,
      gpuPools,
    },
    on,
  );
  let registry: Acr | undefined;
  return {
    kubernetes: aks.provider,
    registry({ url, dockerConfig, images }) {
      if (dockerConfig !== undefined)
        throw new Error(
          "registry: credentials must be left out where cluster.kind is aks: pods and nodes have identities",
        );
      const { kubeletPrincipalId } = aks;
      registry = new Acr(
        "registry",
        { ...place, url, network, key, workspaceId, kubeletPrincipalId, images, protect },
        on,
      );
      return registry;
    },
    identity({ namespace, serviceAccount, access }) {
      if (registry === undefined)
        throw new Error("foundation: the registry must be made before identities for it");
      const write = access === "write";
      return new AksFederatedIdentity(
        `${namespace}-${serviceAccount}-identity`,
        {
          ...place,
          issuer: aks.oidcIssuerUrl,
          namespace,
          serviceAccount,
          grants: {
            registry: { role: write ? "AcrPush" : "AcrPull", scope: registry.id },
            ...(write
              ? { data: { role: "Storage Blob Data Contributor", scope: data.containerId(DATA) } }
              : {}),
          },
        },
        on,
      );
    },
  };
}
