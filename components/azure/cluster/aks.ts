import * as containerservice from "@pulumi/azure-native/containerservice/index.js";
import * as monitor from "@pulumi/azure-native/monitor/index.js";
import * as resources from "@pulumi/azure-native/resources/index.js";
import * as pulumi from "@pulumi/pulumi";
import { grantAzureAdmins } from "../role-assignment.ts";
import { AZURE_ZONES } from "../zones.ts";
import { AKS_LOGS } from "./aks-control-plane.ts";
import { aksKubeconfig, authorityOf } from "./aks-kubeconfig.ts";
import { aksPoolNames } from "./aks-pool-names.ts";
import { aksSupportWarning, aksVersion } from "./aks-versions.ts";
import { atLeast } from "../../platform/kubernetes/at-least.ts";
import { placeOf } from "../place.ts";
import { after } from "../../platform/after.ts";
import { aksSystemPool, hasPublicName, managedClusterArgs } from "./aks-managed-cluster.ts";
import { enableGatewayApi } from "./enable-gateway-api.ts";
import { AksPodLogs } from "./aks-pod-logs.ts";
import { AksVolumes } from "./aks-volumes.ts";
import { AksGpuNodePool } from "./aks-gpu-node-pool.ts";
import { AksIdentities } from "./aks-identities.ts";
import { AksNodePool } from "./aks-node-pool.ts";
import type { AksPoolHome } from "./aks-pool.ts";
import type { AksArgs } from "./aks-args.ts";

/**
 * An AKS cluster, private or reachable only from given networks. Its API server is inside the network, Entra decides about
 * all access, secrets in etcd are encrypted with the given key, and Cilium enforces network policies.
 *
 * @example
 * const cluster = new Aks("cluster", { ...place, network, key: keys.key("cluster"), workspaceId, adminGroups });
 * const kubernetes = new k8s.Provider("kubernetes", { kubeconfig: cluster.kubeconfig });
 */
export class Aks extends pulumi.ComponentResource {
  /** Kubeconfig without credentials: kubelogin gets a token for the user who deploys. Known when nodes and roles exist. */
  readonly kubeconfig: pulumi.Output<string>;
  /** Name of the cluster in its resource group. */
  readonly clusterName: pulumi.Output<string>;
  /** Id of the disk encryption set for the volumes of pods. Known when the set may use its key. */
  readonly volumesEncryptionSetId: pulumi.Output<string>;
  /** URL of the issuer of service account tokens, which federated identities trust. */
  readonly oidcIssuerUrl: pulumi.Output<string>;
  /** Resource group that AKS creates for nodes, disks and load balancers, which are most of the cost. */
  readonly nodeResourceGroup: string;
  /** Object id of the kubelet's identity, which pulls images. */
  readonly kubeletPrincipalId: pulumi.Output<string>;
  private readonly resource: containerservice.ManagedCluster;

  constructor(name: string, args: AksArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:cluster:Aks", name, {}, opts);
    const { prefix, key, podLogs = true, gateway = false, protect = true } = args;
    checkAks(name, args);
    const version = aksVersion(args.version, `${name}: version`);
    const warning = aksSupportWarning(version, new Date());
    if (warning !== undefined) void pulumi.log.warn(warning, this);
    const identities = new AksIdentities(
      `${name}-identities`,
      { ...placeOf(args), network: args.network, key },
      { parent: this },
    );
    const volumes = new AksVolumes(
      `${name}-volumes`,
      {
        ...placeOf(args),
        key: args.volumesKey ?? key,
        controlPlanePrincipalId: identities.controlPlanePrincipalId,
      },
      { parent: this },
    );
    this.nodeResourceGroup = `${prefix}-aks-nodes`;
    const clusterInputs = managedClusterArgs(args, version, this.nodeResourceGroup, identities);
    this.resource = new containerservice.ManagedCluster(
      `${name}-cluster`,
      clusterInputs,
      // The autoscaler sets the number of nodes. The other pools are separate resources.
      {
        parent: this,
        protect,
        dependsOn: [...identities.ready, ...volumes.ready],
        ignoreChanges: args.autoProvisioning === true ? [] : ["agentPoolProfiles[0].count"],
      },
    );
    const pools = this.createNodePools(name, args, version);
    const ready = [
      this.createControlPlaneLogs(name, args.workspaceId),
      ...this.grantAdministrators(name, args),
      ...pools,
      ...(gateway
        ? [
            enableGatewayApi(
              `${name}-gateway-api`,
              {
                place: args,
                cluster: this.resource,
                clusterInputs,
                identityId: identities.controlPlaneId,
              },
              { parent: this, dependsOn: pools },
            ),
          ]
        : []),
      ...(podLogs
        ? [
            new AksPodLogs(
              `${name}-pod-logs`,
              { ...placeOf(args), clusterId: this.resource.id, workspaceId: args.workspaceId },
              { parent: this },
            ).resource,
          ]
        : []),
    ];
    // What is deployed with the kubeconfig is created after the nodes and roles, and deleted before them.
    const credentials = this.readUserKubeconfig(name, args, ready);
    const { fqdn, privateFQDN, oidcIssuerProfile } = this.resource;
    this.kubeconfig = pulumi
      .all([hasPublicName(args) ? fqdn : privateFQDN, credentials.id, credentials.properties])
      .apply(([host, _known, { outputs }]) =>
        aksKubeconfig({
          host,
          tenant: args.tenant,
          authority: authorityOf((outputs as CredentialOutputs | undefined)?.kubeconfig?.value),
        }),
      );
    this.clusterName = this.resource.name;
    this.volumesEncryptionSetId = volumes.encryptionSetId;
    // The profile is also an input, so its issuer looks known in a first preview: wait for the id of the cluster.
    this.oidcIssuerUrl = after(
      oidcIssuerProfile.apply((profile) => profile?.issuerURL ?? ""),
      this.resource.id,
    );
    this.kubeletPrincipalId = identities.kubelet.principalId;
    this.registerOutputs({ oidcIssuerUrl: this.oidcIssuerUrl });
  }

  private createControlPlaneLogs(name: string, workspaceId: pulumi.Input<string>): pulumi.Resource {
    return new monitor.DiagnosticSetting(
      `${name}-control-plane-logs`,
      {
        name: "control-plane",
        resourceUri: this.resource.id,
        workspaceId,
        logAnalyticsDestinationType: "Dedicated",
        logs: AKS_LOGS.map((category) => ({ category, enabled: true })),
      },
      { parent: this },
    );
  }

  private grantAdministrators(name: string, args: AksArgs): pulumi.Resource[] {
    return grantAzureAdmins(
      name,
      {
        place: args,
        role: "Azure Kubernetes Service RBAC Cluster Admin",
        adminGroups: args.adminGroups,
        scope: this.resource.id,
      },
      { parent: this },
    );
  }

  private createNodePools(name: string, args: AksArgs, version: string): pulumi.Resource[] {
    const { network, cpuPool, gpuPools = {}, resourceGroupName, tags } = args;
    const names = aksPoolNames(["system", "cpu", ...Object.keys(gpuPools)], name);
    const home = (pool: string): AksPoolHome => ({
      resourceGroupName,
      tags,
      cluster: this.resource,
      version,
      subnetId: network.subnets.nodes,
      zones: gpuPools[pool]?.zones ?? args.zones ?? AZURE_ZONES,
      encryptionAtHost: args.encryptionAtHost,
      fixedSize: args.autoProvisioning,
      poolName: names.get(pool) ?? pool,
    });
    return [
      new AksNodePool(`${name}-cpu`, { ...cpuPool, ...home("cpu") }, { parent: this }),
      ...Object.entries(gpuPools).map(
        ([label, gpuPool]) =>
          new AksGpuNodePool(`${name}-${label}`, { ...gpuPool, label, ...home(label) }, { parent: this }),
      ),
    ];
  }

  /**
   * Reads the certificate authority of the API server. No output of the cluster contains it, but the user kubeconfig does,
   * which holds no credentials. A template deployment without resources reads that kubeconfig. Unlike a function call, it is a
   * resource of the plan that is unknown until the cluster exists, so previews need no Azure credentials.
   * @see https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-resource#list
   */
  private readUserKubeconfig(name: string, args: AksArgs, after: pulumi.Resource[]): resources.Deployment {
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
            // A new cluster of the same name has a new authority: its UID makes the deployment run again.
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

/** Throws if arguments do not fit together. */
function checkAks(
  name: string,
  { systemPool = {}, cpuPool = {}, adminGroups, gpuPools = {} }: AksArgs,
): void {
  const { min, max } = aksSystemPool(systemPool);
  aksPoolNames(["system", "cpu", ...Object.keys(gpuPools)], name);
  for (const [pool, settings] of Object.entries({ systemPool, cpuPool }))
    if (settings.spot === true)
      throw new Error(
        `${name}: ${pool}.spot must be false, got true: pods without a GPU do not tolerate the taint of spot nodes`,
      );
  atLeast(1, adminGroups.length, `${name}: adminGroups.length`);
  atLeast(1, min, `${name}: systemPool.min`);
  atLeast(min, max, `${name}: systemPool.max`);
}
