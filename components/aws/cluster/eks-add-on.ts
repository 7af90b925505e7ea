import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { eksAddOnVersion, type EksAddOnName, type EksAddOnVersions } from "./eks-add-on-versions.ts";
import type { EksServiceAccountRole } from "./eks-service-account-role.ts";

export interface EksAddOnArgs {
  cluster: aws.eks.Cluster;
  /** Minor version of Kubernetes, which decides the version of the add-on. */
  kubernetes: string;
  /** Name of the add-on in EKS. */
  addOn: EksAddOnName;
  /** Versions that replace those of the table. @default - none */
  versions?: EksAddOnVersions;
  /** Resources that it needs to become healthy, such as nodes. @default - nothing: a DaemonSet is healthy without nodes */
  needs?: pulumi.Resource[];
  /**
   * Role of the add-on, so that the nodes' role does not need its rights. The role must outlive the nodes, because the add-on
   * runs until the last node is deleted. @default - none: it needs no rights in AWS
   */
  role?: EksServiceAccountRole;
  /** Configuration values of the add-on. @default - EKS's */
  settings?: Record<string, unknown>;
}

/**
 * An add-on that EKS installs, in the version that the table has for the version of Kubernetes. An `up` after a change of either
 * moves it.
 *
 * @example
 * new EksAddOn("cluster-coredns", { cluster, kubernetes: "1.36", addOn: "coredns", needs: nodePools });
 */
export class EksAddOn extends pulumi.ComponentResource {
  readonly resource: aws.eks.Addon;

  constructor(name: string, args: EksAddOnArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:cluster:EksAddOn", name, {}, opts);
    const { cluster, kubernetes, addOn, versions, needs = [], role, settings } = args;
    this.resource = new aws.eks.Addon(
      `${name}-add-on`,
      {
        clusterName: cluster.name,
        addonName: addOn,
        addonVersion: eksAddOnVersion(addOn, kubernetes, versions),
        // Takes over what EKS installed by itself, and reverts changes made by hand.
        resolveConflictsOnCreate: "OVERWRITE",
        resolveConflictsOnUpdate: "OVERWRITE",
        serviceAccountRoleArn: role?.arn,
        configurationValues: settings === undefined ? undefined : JSON.stringify(settings),
      },
      { parent: this, deletedWith: cluster, dependsOn: [...needs, ...(role?.resources ?? [])] },
    );
    this.registerOutputs({});
  }
}
