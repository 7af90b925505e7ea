import * as k8s from "@pulumi/kubernetes";
import {
  AksFederatedIdentity,
  type AksFederatedIdentityArgs,
} from "../../components/azure/cluster/aks-federated-identity.ts";
import type { AzureKey } from "../../components/azure/key-vault.ts";
import type { PrivateNetwork } from "../../components/azure/network.ts";
import type { AzurePlace } from "../../components/azure/place.ts";
import { AZURE_REDIS_PORT } from "../../components/azure/redis.ts";
import { DefaultStorageClass } from "../../components/platform/kubernetes/default-storage-class.ts";
import { IdentityRegistry } from "../../components/platform/registry/identity-registry.ts";
import type { AksConfig } from "../config/schema/cluster.ts";
import { DATA_KEY } from "../foundation/azure-names.ts";
import type { azureFoundationSchema } from "../foundation/azure-outputs.ts";
import { azureProvider } from "../foundation/azure-provider.ts";
import { azureZones, storageRedundancy } from "../foundation/azure-zones.ts";
import type { ReadFoundation } from "../foundation/common-outputs.ts";
import { deployAksAddOns } from "./aks-add-ons.ts";
import { aksGateways } from "./aks-gateways.ts";
import type { CloudConnectionArgs, Connection } from "./connection.ts";
import { deployed } from "./deployed.ts";
import { entryOf } from "./entry-of.ts";
import { managedRedis } from "./managed-redis.ts";
import { azureTargets } from "./targets/azure.ts";

type AzureFoundation = ReadFoundation<typeof azureFoundationSchema>;

/** Connects the platform to its foundation on Azure: deploys into AKS, stores artifacts in the registry, and gives service accounts their identities. */
export function connectAzure({
  cluster,
  cloud,
  foundation,
}: CloudConnectionArgs<AksConfig, AzureFoundation>): Connection {
  const { subscription, tenant, region: location } = cluster;
  const { prefix, tags, protect } = cloud;
  const { resourceGroupName, workspaceId, registryId } = foundation;
  const place: AzurePlace = { subscription, tenant, location, resourceGroupName, prefix, tags };
  const provider = azureProvider(cluster);
  const opts = { providers: { "azure-native": provider } };
  const kubernetes = new k8s.Provider("kubernetes", {
    kubeconfig: foundation.kubeconfig,
    enableConfigMapMutable: true,
  });
  new DefaultStorageClass(
    "storage-class",
    {
      className: "ssd-encrypted",
      provisioner: "disk.csi.azure.com",
      parameters: {
        // With copies of a volume in three zones, its pod may run in each.
        skuName: azureZones(cluster).length > 1 ? "StandardSSD_ZRS" : "StandardSSD_LRS",
        diskEncryptionSetID: foundation.volumesEncryptionSetId,
      },
    },
    { provider: kubernetes },
  );
  const createIdentity = (
    name: string,
    request: Pick<AksFederatedIdentityArgs, "namespace" | "serviceAccount" | "grants">,
  ): AksFederatedIdentity =>
    new AksFederatedIdentity(name, { ...place, issuer: foundation.oidcIssuerUrl, ...request }, opts);

  return {
    kubernetes,
    connect: ({ url, images }) => {
      const registry = new IdentityRegistry(url, images);
      const redis = cloud.redis && managedRedis(foundation, AZURE_REDIS_PORT);
      return {
        registry,
        redis,
        exporters: deployAksAddOns(cluster, { registry, tags }, { provider: kubernetes }),
        gateway: aksGateways(
          { place, dns: cloud.dns, foundation, createIdentity },
          { providers: [provider, kubernetes] },
        ),
        target: azureTargets(
          {
            place,
            network: privateNetwork(foundation),
            functionsSubnetId: () => deployed(foundation.functionsSubnetId, "cloud.targets"),
            key: dataKey(foundation),
            workspaceId,
            redundancy: storageRedundancy(cluster),
            protect,
            registryId,
            redis,
          },
          opts,
        ),
        secrets:
          cloud.secrets.length === 0
            ? undefined
            : ({ namespace, serviceAccount, secrets }) => {
                const grants = secrets.map((secret) => [
                  secret,
                  {
                    role: "Key Vault Secrets User" as const,
                    scope: entryOf(foundation.secretIds, secret, "cloud.secrets"),
                  },
                ]);
                return {
                  stores: {
                    "azure-key-vault": {
                      vaultUrl: deployed(foundation.vaultUrl, "cloud.secrets"),
                      tenantId: tenant,
                    },
                  },
                  identity: createIdentity(`${serviceAccount}-identity`, {
                    namespace,
                    serviceAccount,
                    grants: Object.fromEntries(grants) as AksFederatedIdentityArgs["grants"],
                  }),
                };
              },
        identity: ({ namespace, serviceAccount, access }) => {
          const write = access === "write";
          return createIdentity(`${namespace}-${serviceAccount}-identity`, {
            namespace,
            serviceAccount,
            grants: {
              registry: { role: write ? "AcrPush" : "AcrPull", scope: registryId },
              ...(write
                ? { data: { role: "Storage Blob Data Contributor", scope: foundation.dataContainerId } }
                : {}),
            },
          });
        },
      };
    },
  };
}

/** Returns the network of the foundation, in which targets get private endpoints. */
function privateNetwork({ endpointsSubnetId, privateZoneIds }: AzureFoundation): PrivateNetwork {
  return {
    endpointsSubnetId,
    zoneOf: (service) => ({ id: entryOf(privateZoneIds, service, "cloud.targets") }),
  };
}

/** Returns the key of the foundation that encrypts storage accounts. */
function dataKey({ dataKey: key }: AzureFoundation): AzureKey {
  return {
    id: key.id,
    name: DATA_KEY,
    uri: key.uri,
    versionedUri: key.versionedUri,
    vaultUri: key.vaultUri,
    vaultId: key.vaultId,
    ready: [],
  };
}
