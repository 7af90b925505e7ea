import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { EksServiceAccountRole } from "./eks-service-account-role.ts";

export interface EksAddOnArgs {
  cluster: aws.eks.Cluster;
  /** Name in EKS. */
  addOn: string;
  /** What it runs on, such as nodes. @default - nothing: it is a DaemonSet, content without nodes */
  needs?: pulumi.Resource[];
  /**
   * A role of its own, so that the nodes need no right of it. It has to outlive the nodes, on which the add-on runs to the
   * end. @default - none: it asks AWS for nothing
   */
  role?: EksServiceAccountRole;
  /** Its own settings. @default - EKS's */
  settings?: Record<string, unknown>;
}

/**
 * An add-on that EKS installs and keeps at the version that goes with the cluster's.
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
        // What EKS installed by itself before is taken over, and what someone changed by hand is put back.
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
