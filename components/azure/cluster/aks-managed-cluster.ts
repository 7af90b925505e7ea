import type * as containerservice from "@pulumi/azure-native/containerservice/index.js";
import { POOL_LABEL } from "../../platform/kubernetes/gpu-types.ts";
import { commonInputs } from "../place.ts";
import {
  AKS_AUTOSCALER,
  AKS_NETWORK,
  AKS_POOL_UPGRADES,
  AKS_TRUSTED_LAUNCH,
  AKS_UPGRADES,
  aksScale,
} from "./aks-control-plane.ts";
import type { AksIdentities } from "./aks-identities.ts";
import type { AksArgs } from "./aks-args.ts";
import type { AksNodePoolSettings } from "./aks-node-pool.ts";

/** Availability zones of most Azure regions. */
export const AKS_ZONES: readonly string[] = ["1", "2", "3"];

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
  { controlPlane, kubelet }: AksIdentities,
): containerservice.ManagedClusterArgs {
  const { network, key, tenant, prefix, adminGroups, adminCidrs = [], zones = AKS_ZONES, tags } = args;
  const { machine, min, max, diskGib } = aksSystemPool(args.systemPool);
  const open = adminCidrs.length > 0;
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
      ...(open
        ? { enablePrivateCluster: false, authorizedIPRanges: [...adminCidrs] }
        : {
            enablePrivateCluster: true,
            enablePrivateClusterPublicFQDN: false,
            privateDNSZone: "system",
          }),
      // The API server must be inside the network to reach a key in a private vault.
      enableVnetIntegration: true,
      subnetId: network.subnets.apiServer,
      disableRunCommand: true, // it would bypass the network, and nothing here needs it
    },
    identity: { type: "UserAssigned", userAssignedIdentities: [controlPlane.id] },
    identityProfile: {
      kubeletidentity: {
        resourceId: kubelet.id,
        clientId: kubelet.clientId,
        objectId: kubelet.principalId,
      },
    },
    networkProfile: AKS_NETWORK,
    oidcIssuerProfile: { enabled: true },
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
    addonProfiles: { azurepolicy: { enabled: true, config: { version: "v2" } } },
    autoUpgradeProfile: AKS_UPGRADES,
    autoScalerProfile: AKS_AUTOSCALER,
    storageProfile: {
      diskCSIDriver: { enabled: true },
      snapshotController: { enabled: true },
      fileCSIDriver: { enabled: false }, // NFS and SMB shares with account keys
      blobCSIDriver: { enabled: false },
    },
    agentPoolProfiles: [
      {
        ...aksScale(min, max),
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
        enableEncryptionAtHost: true,
        enableNodePublicIP: false,
        securityProfile: AKS_TRUSTED_LAUNCH,
        upgradeSettings: AKS_POOL_UPGRADES,
        nodeLabels: { [POOL_LABEL]: "system" },
        nodeTaints: ["CriticalAddonsOnly=true:NoSchedule"],
        tags,
      },
    ],
  };
}
