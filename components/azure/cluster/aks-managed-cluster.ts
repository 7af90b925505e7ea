import type * as containerservice from "@pulumi/azure-native/containerservice/index.js";
import type { containerservice as types } from "@pulumi/azure-native/types/input.js";
import { POOL_LABEL } from "../../platform/kubernetes/gpu-types.ts";
import { adminNetworks, firewallRanges } from "../admin-networks.ts";
import { commonInputs } from "../place.ts";
import { AZURE_ZONES } from "../zones.ts";
import {
  AKS_AUTOSCALER,
  AKS_NETWORK,
  AKS_POOL_UPGRADES,
  AKS_UPGRADES,
  aksFixedScale,
  aksScale,
  aksTrustedLaunch,
} from "./aks-control-plane.ts";
import type { AksIdentities } from "./aks-identities.ts";
import type { AksArgs } from "./aks-args.ts";
import type { AksNodePoolSettings } from "./aks-node-pool.ts";

/** Settings of the system pool, with their defaults. */
export function aksSystemPool({
  machine = "Standard_D4ds_v5",
  min = 2,
  max = 5,
  diskGib = 128,
}: AksNodePoolSettings = {}): Required<Omit<AksNodePoolSettings, "spot">> {
  return { machine, min, max, diskGib };
}

/** Returns the inputs of a managed cluster with its system pool. */
export function managedClusterArgs(
  args: AksArgs,
  version: string,
  nodeResourceGroup: string,
  { controlPlaneId, kubelet }: AksIdentities,
): containerservice.ManagedClusterArgs {
  const { network, key, tenant, prefix, adminGroups, workspaceId, zones = AZURE_ZONES, tags } = args;
  const { encryptionAtHost = true, podLogs = true, gateway = false, autoProvisioning = false } = args;
  const { machine, min, max, diskGib } = aksSystemPool(args.systemPool);
  return {
    ...commonInputs(args),
    resourceName: `${prefix}-aks`,
    dnsPrefix: prefix,
    nodeResourceGroup,
    nodeResourceGroupProfile: { restrictionLevel: "ReadOnly" },
    kubernetesVersion: version,
    sku: { name: "Base", tier: "Standard" }, // with an SLA
    supportPlan: "KubernetesOfficial",
    enableRBAC: true,
    disableLocalAccounts: true,
    aadProfile: {
      managed: true,
      enableAzureRBAC: true,
      adminGroupObjectIDs: [...adminGroups],
      tenantID: tenant,
    },
    apiServerAccessProfile: {
      ...apiServerAccess(args),
      // The API server must be inside the network to reach a key in a private vault.
      enableVnetIntegration: true,
      subnetId: network.subnets.apiServer,
      disableRunCommand: true, // it would bypass the network, and nothing here needs it
    },
    identity: { type: "UserAssigned", userAssignedIdentities: [controlPlaneId] },
    identityProfile: {
      kubeletidentity: {
        resourceId: kubelet.id,
        clientId: kubelet.clientId,
        objectId: kubelet.principalId,
      },
    },
    networkProfile: AKS_NETWORK,
    oidcIssuerProfile: { enabled: true },
    ...(gateway ? { ingressProfile: { webAppRouting: APPLICATION_ROUTING } } : {}),
    securityProfile: {
      workloadIdentity: { enabled: true },
      imageCleaner: { enabled: true, intervalHours: 48 },
      azureKeyVaultKms: {
        enabled: true,
        keyId: key.versionedUri,
        keyVaultNetworkAccess: "Private",
        keyVaultResourceId: key.vaultId,
      },
    },
    addonProfiles: {
      azurepolicy: { enabled: true, config: { version: "v2" } },
      ...(gateway ? { azureKeyvaultSecretsProvider: CERTIFICATES_ADD_ON } : {}),
      ...(podLogs
        ? {
            omsagent: {
              enabled: true,
              config: { logAnalyticsWorkspaceResourceID: workspaceId, useAADAuth: "true" },
            },
          }
        : {}),
    },
    autoUpgradeProfile: AKS_UPGRADES,
    ...(autoProvisioning
      ? { nodeProvisioningProfile: { mode: "Auto", defaultNodePools: "None" } } // the default pools have no limits
      : { autoScalerProfile: AKS_AUTOSCALER }),
    storageProfile: {
      diskCSIDriver: { enabled: true },
      snapshotController: { enabled: true },
      fileCSIDriver: { enabled: false }, // NFS and SMB shares with account keys
      blobCSIDriver: { enabled: false },
    },
    agentPoolProfiles: [
      {
        ...(autoProvisioning ? aksFixedScale(min) : aksScale(min, max)),
        name: "system",
        mode: "System",
        type: "VirtualMachineScaleSets",
        vmSize: machine,
        osType: "Linux",
        osSKU: "AzureLinux",
        osDiskSizeGB: diskGib,
        orchestratorVersion: version,
        vnetSubnetID: network.subnets.nodes,
        availabilityZones: zones.length === 0 ? undefined : [...zones],
        enableEncryptionAtHost: encryptionAtHost,
        enableNodePublicIP: false,
        securityProfile: aksTrustedLaunch(machine),
        upgradeSettings: AKS_POOL_UPGRADES,
        nodeLabels: { [POOL_LABEL]: "system" },
        nodeTaints: ["CriticalAddonsOnly=true:NoSchedule"],
        tags,
      },
    ],
  };
}

/** The operator of the application routing add-on, which gives Gateways their certificates. Its NGINX has no support after November 2026. */
const APPLICATION_ROUTING = { enabled: true, nginx: { defaultIngressControllerType: "None" } };

/** Reads certificates of gateways from Key Vault, and again every two minutes, so that a renewed one is used. */
const CERTIFICATES_ADD_ON = {
  enabled: true,
  config: { enableSecretRotation: "true", rotationPollInterval: "2m" },
};

/** Returns whether the API server has a name in public DNS: a public one does, and a private one for administrators outside of the network. */
export function hasPublicName({ adminCidrs = [] }: Pick<AksArgs, "adminCidrs">): boolean {
  return adminCidrs.length > 0;
}

/** Returns how the API server is reached: publicly from the public networks of administrators, else only from private networks. */
function apiServerAccess(args: Pick<AksArgs, "adminCidrs">): types.ManagedClusterAPIServerAccessProfileArgs {
  if (adminNetworks(args.adminCidrs).public.length > 0)
    return { enablePrivateCluster: false, authorizedIPRanges: firewallRanges(args.adminCidrs) };
  return {
    enablePrivateCluster: true,
    // Its name then resolves to the private address everywhere, so a VPN needs no DNS of its own.
    enablePrivateClusterPublicFQDN: hasPublicName(args),
    privateDNSZone: "system",
  };
}
