import * as containerservice from "@pulumi/azure-native/containerservice/index.js";
import * as monitor from "@pulumi/azure-native/monitor/index.js";
import * as resources from "@pulumi/azure-native/resources/index.js";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { grantAzureRole } from "../role-assignment.ts";
import {
  AKS_AUTOSCALER,
  AKS_LOGS,
  AKS_NETWORK,
  AKS_POOL_UPGRADES,
  AKS_TRUSTED_LAUNCH,
  AKS_UPGRADES,
  aksScale,
} from "./aks-control-plane.ts";
import { aksKubeconfig, authorityOf } from "./aks-kubeconfig.ts";
import { aksPoolNames } from "./aks-pool-names.ts";
import { aksVersion } from "./aks-versions.ts";
import { atLeast } from "../../platform/kubernetes/at-least.ts";
import { inPlace, type AzurePlace } from "../place.ts";
import { POOL_LABEL, type GpuPool } from "../../platform/kubernetes/gpu-types.ts";
import type { AzureKey } from "../key-vault.ts";
import type { AzureNetwork } from "../network.ts";
import { AksGpuNodePool } from "./aks-gpu-node-pool.ts";
import { AksIdentities } from "./aks-identities.ts";
import { AksNodePool, type AksNodePoolSettings } from "./aks-node-pool.ts";

export interface AksArgs extends AzurePlace {
  network: AzureNetwork;
  /** Key that encrypts secrets in etcd. */
  key: AzureKey;
  /** Id of the Log Analytics workspace that gets the control plane's logs. */
  workspaceId: pulumi.Input<string>;
  /** Object ids of the Entra groups whose members administer the cluster; at least one: there are no local accounts. */
  adminGroups: readonly string[];
  /** Minor version of Kubernetes. @default 1.36 */
  version?: string;
  /** Networks from which the API server may be reached over the internet. @default - none: a private cluster */
  allowedCidrs?: readonly string[];
  /** Nodes of what the cluster itself needs. @default 2 to 5 of Standard_D4ds_v5 */
  system?: AksNodePoolSettings;
  /** Nodes of everything else. @default 1 to 10 of Standard_D8ds_v5 */
  cpu?: AksNodePoolSettings;
  /** Nodes with GPUs, by name. @default - none */
  gpuPools?: Readonly<Record<string, GpuPool>>;
  /** Zones of the region over which nodes are spread. Empty: the region has none. @default 1, 2 and 3 */
  zones?: readonly string[];
}

/**
 * A Kubernetes cluster on AKS: private, or reachable from an allow-list; its API server within the network; Entra alone
 * says who may do what; secrets in etcd encrypted with an own key; Cilium enforces network policies.
 *
 * @example
 * const cluster = new Aks("cluster", { ...place, network, key: keys.key("cluster"), workspaceId, adminGroups });
 * new Environment("staging", { registryUrl }, { provider: cluster.provider });
 */
export class Aks extends pulumi.ComponentResource {
  /** Talks to the cluster as whoever runs Pulumi, by kubelogin. */
  readonly provider: k8s.Provider;
  /** What lives in the cluster dies with this. */
  readonly resource: containerservice.ManagedCluster;
  /** Issuer of the service accounts' tokens, which federated identities trust. */
  readonly oidcIssuerUrl: pulumi.Output<string>;
  /** Resource group that AKS makes for nodes, disks and load balancers: most of what a cluster costs. */
  readonly nodeResourceGroup: string;
  /** Object id of the identity that pulls images. */
  readonly kubeletPrincipalId: pulumi.Output<string>;

  constructor(name: string, args: AksArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:cluster:Aks", name, {}, opts);
    const { network, key, tenant, prefix, adminGroups, allowedCidrs = [], gpuPools = {} } = args;
    const { zones = ["1", "2", "3"], resourceGroupName, tags } = args;
    const { machine = "Standard_D4ds_v5", min = 2, max = 5, diskGib = 128 } = args.system ?? {};
    const version = aksVersion(args.version, `${name}: version`);
    const pools = aksPoolNames(["system", "cpu", ...Object.keys(gpuPools)], name);
    for (const [which, settings] of Object.entries({ system: args.system, cpu: args.cpu }))
      if (settings?.spot === true)
        throw new Error(
          `${name}: ${which}.spot must be false, got true: AKS keeps every pod off spot nodes that does not tolerate them, and only those with GPUs do`,
        );
    atLeast(1, adminGroups.length, `${name}: adminGroups.length`);
    atLeast(1, min, `${name}: system.min`);
    atLeast(min, max, `${name}: system.max`);
    const open = allowedCidrs.length > 0;
    this.nodeResourceGroup = `${prefix}-aks-nodes`;
    const identities = new AksIdentities(`${name}-identities`, { ...args }, { parent: this });
    const { controlPlane, kubelet } = identities;
    this.resource = new containerservice.ManagedCluster(
      `${name}-cluster`,
      {
        ...inPlace(args),
        resourceName: `${prefix}-aks`,
        dnsPrefix: prefix,
        nodeResourceGroup: this.nodeResourceGroup,
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
            ? { enablePrivateCluster: false, authorizedIPRanges: [...allowedCidrs] }
            : {
                enablePrivateCluster: true,
                enablePrivateClusterPublicFQDN: false,
                privateDNSZone: "system",
              }),
          // Encryption with a key in a private vault needs the API server within the network.
          enableVnetIntegration: true,
          subnetId: network.subnets.apiServer,
          disableRunCommand: true, // a way around the network that nothing here needs
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
      },
      // The autoscaler counts nodes, and pools beside this one are resources of their own.
      { parent: this, dependsOn: identities.ready, ignoreChanges: ["agentPoolProfiles[0].count"] },
    );
    const logs = new monitor.DiagnosticSetting(
      `${name}-control-plane-logs`,
      {
        name: "control-plane",
        resourceUri: this.resource.id,
        workspaceId: args.workspaceId,
        logAnalyticsDestinationType: "Dedicated",
        logs: AKS_LOGS.map((category) => ({ category, enabled: true })),
      },
      { parent: this },
    );
    const admins = adminGroups.map((group) =>
      grantAzureRole(
        `${name}-admins-${group}`,
        {
          place: args,
          role: "Azure Kubernetes Service RBAC Cluster Admin",
          principalId: group,
          principalType: "Group",
          scope: this.resource.id,
        },
        { parent: this },
      ),
    );
    const pool = (poolName: string) => ({
      resourceGroupName,
      tags,
      cluster: this.resource,
      version,
      subnetId: network.subnets.nodes,
      zones,
      poolName: pools.get(poolName) ?? poolName,
    });
    const nodes = [
      new AksNodePool(`${name}-cpu`, { ...args.cpu, ...pool("cpu") }, { parent: this }),
      ...Object.entries(gpuPools).map(
        ([label, gpuPool]) =>
          new AksGpuNodePool(`${name}-${label}`, { ...gpuPool, label, ...pool(label) }, { parent: this }),
      ),
    ];
    // What is deployed comes after the nodes and the roles, and goes before them.
    const credentials = this.credentials(name, args, [logs, ...admins, ...nodes]);
    const { fqdn, privateFQDN, oidcIssuerProfile } = this.resource;
    const kubeconfig = pulumi
      .all([open ? fqdn : privateFQDN, credentials.id, credentials.properties])
      .apply(([host, _known, { outputs }]) =>
        aksKubeconfig({
          host,
          tenant,
          authority: authorityOf((outputs as CredentialOutputs | undefined)?.kubeconfig?.value),
        }),
      );
    this.provider = new k8s.Provider(
      `${name}-provider`,
      { kubeconfig: pulumi.secret(kubeconfig), enableConfigMapMutable: true },
      { parent: this, dependsOn: credentials },
    );
    // The profile is an input too, whose issuer is unknown only as long as the cluster's id is.
    this.oidcIssuerUrl = pulumi
      .all([this.resource.id, oidcIssuerProfile])
      .apply(([_known, profile]) => profile?.issuerURL ?? "");
    this.kubeletPrincipalId = kubelet.principalId;
    this.registerOutputs({ oidcIssuerUrl: this.oidcIssuerUrl });
  }

  /**
   * No output of a cluster has the certificate of its API server's authority. Azure gives it in the kubeconfig of users,
   * which holds no credential; a deployment without resources reads that, so that it is a resource in the plan, unknown
   * until the cluster is there, and not a call that each preview needs credentials for.
   * @see https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-resource#list
   */
  private credentials(name: string, args: AksArgs, after: pulumi.Resource[]): resources.Deployment {
    const { resourceGroupName, tags, prefix } = args;
    return new resources.Deployment(
      `${name}-authority`,
      {
        resourceGroupName,
        tags,
        deploymentName: `${prefix}-aks-authority`,
        properties: {
          mode: "Incremental",
          template: {
            $schema: "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
            contentVersion: "1.0.0.0",
            // Another cluster of the same name has another authority: its id makes the deployment run again.
            parameters: { clusterId: { type: "string" }, clusterUid: { type: "string" } },
            resources: [],
            outputs: {
              kubeconfig: {
                type: "string",
                value:
                  "[listClusterUserCredential(parameters('clusterId'), '2025-09-01').kubeconfigs[0].value]",
              },
            },
          },
          parameters: {
            clusterId: { value: this.resource.id },
            clusterUid: { value: this.resource.resourceUID },
          },
        },
      },
      { parent: this, dependsOn: after },
    );
  }
}

interface CredentialOutputs {
  kubeconfig?: { value?: string };
}
