import * as containerservice from "@pulumi/azure-native/containerservice/index.js";
import * as monitor from "@pulumi/azure-native/monitor/index.js";
import * as resources from "@pulumi/azure-native/resources/index.js";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { grantAzureRole } from "../role-assignment.ts";
import { AKS_LOGS } from "./aks-control-plane.ts";
import { aksKubeconfig, authorityOf } from "./aks-kubeconfig.ts";
import { aksPoolNames } from "./aks-pool-names.ts";
import { aksVersion } from "./aks-versions.ts";
import { atLeast } from "../../platform/kubernetes/at-least.ts";
import { placeOf } from "../place.ts";
import { after } from "../../platform/after.ts";
import { AKS_ZONES, aksSystemPool, managedClusterArgs } from "./aks-managed-cluster.ts";
import { AksGpuNodePool } from "./aks-gpu-node-pool.ts";
import { AksIdentities } from "./aks-identities.ts";
import { AksNodePool } from "./aks-node-pool.ts";
import type { AksPoolHome } from "./aks-pool.ts";
import type { AksArgs } from "./aks-args.ts";

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
    const { prefix, allowedCidrs = [] } = args;
    checkAks(name, args);
    const version = aksVersion(args.version, `${name}: version`);
    const identities = new AksIdentities(
      `${name}-identities`,
      { ...placeOf(args), network: args.network, key: args.key },
      { parent: this },
    );
    this.nodeResourceGroup = `${prefix}-aks-nodes`;
    this.resource = new containerservice.ManagedCluster(
      `${name}-cluster`,
      managedClusterArgs(args, version, this.nodeResourceGroup, identities),
      // The autoscaler counts the nodes, and the other pools are resources of their own.
      { parent: this, dependsOn: identities.ready, ignoreChanges: ["agentPoolProfiles[0].count"] },
    );
    const ready = [
      this.controlPlaneLogs(name, args.workspaceId),
      ...this.administrators(name, args),
      ...this.nodePools(name, args, version),
    ];
    // Kubernetes objects are created after the nodes and the roles, and deleted before them.
    const credentials = this.credentials(name, args, ready);
    const { fqdn, privateFQDN, oidcIssuerProfile } = this.resource;
    const kubeconfig = pulumi
      .all([allowedCidrs.length > 0 ? fqdn : privateFQDN, credentials.id, credentials.properties])
      .apply(([host, _known, { outputs }]) =>
        aksKubeconfig({
          host,
          tenant: args.tenant,
          authority: authorityOf((outputs as CredentialOutputs | undefined)?.kubeconfig?.value),
        }),
      );
    this.provider = new k8s.Provider(
      `${name}-provider`,
      { kubeconfig: pulumi.secret(kubeconfig), enableConfigMapMutable: true },
      { parent: this, dependsOn: credentials },
    );
    // The profile is an input too, whose issuer is unknown only as long as the cluster's id is.
    this.oidcIssuerUrl = after(
      oidcIssuerProfile.apply((profile) => profile?.issuerURL ?? ""),
      this.resource.id,
    );
    this.kubeletPrincipalId = identities.kubelet.principalId;
    this.registerOutputs({ oidcIssuerUrl: this.oidcIssuerUrl });
  }

  private controlPlaneLogs(name: string, workspaceId: pulumi.Input<string>): pulumi.Resource {
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

  private administrators(name: string, args: AksArgs): pulumi.Resource[] {
    return args.adminGroups.map((group) =>
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
  }

  private nodePools(name: string, args: AksArgs, version: string): pulumi.Resource[] {
    const { network, cpuPool, gpuPools = {}, resourceGroupName, tags } = args;
    const names = aksPoolNames(["system", "cpu", ...Object.keys(gpuPools)], name);
    const home = (pool: string): AksPoolHome => ({
      resourceGroupName,
      tags,
      cluster: this.resource,
      version,
      subnetId: network.subnets.nodes,
      zones: args.zones ?? AKS_ZONES,
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

/** Throws where arguments do not fit together. */
function checkAks(
  name: string,
  { systemPool = {}, cpuPool = {}, adminGroups, gpuPools = {} }: AksArgs,
): void {
  const { min, max } = aksSystemPool(systemPool);
  aksPoolNames(["system", "cpu", ...Object.keys(gpuPools)], name);
  for (const [pool, settings] of Object.entries({ systemPool, cpuPool }))
    if (settings.spot === true)
      throw new Error(
        `${name}: ${pool}.spot must be false, got true: AKS keeps pods without its toleration off spot nodes, and only pods with GPUs have that`,
      );
  atLeast(1, adminGroups.length, `${name}: adminGroups.length`);
  atLeast(1, min, `${name}: systemPool.min`);
  atLeast(min, max, `${name}: systemPool.max`);
}
