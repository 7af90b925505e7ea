import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { EksServiceAccountRole } from "./eks-service-account-role.ts";

export interface EksAddOnArgs {
  cluster: aws.eks.Cluster;
  /** Name of the add-on in EKS. */
  addOn: string;
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
 * An add-on that EKS installs, in the default version for the version of the cluster.
 *
 * @example
 * new EksAddOn("cluster-coredns", { cluster, addOn: "coredns", needs: nodePools });
 */
export class EksAddOn extends pulumi.ComponentResource {
  readonly resource: aws.eks.Addon;

  constructor(name: string, args: EksAddOnArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:cluster:EksAddOn", name, {}, opts);
    const { cluster, addOn, needs = [], role, settings } = args;
    this.resource = new aws.eks.Addon(
      `${name}-add-on`,
      {
        clusterName: cluster.name,
        addonName: addOn,
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
