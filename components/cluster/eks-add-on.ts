import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { EksServiceAccountRole, type OidcIssuer } from "../identity/eks-service-account-role.ts";
import type { AwsStatement } from "../internal/aws-policy.ts";

export interface EksAddOnArgs {
  cluster: aws.eks.Cluster;
  /** Name in EKS. */
  addOn: string;
  /** What it runs on, such as nodes. @default - nothing: it is a DaemonSet, content without nodes */
  needs?: pulumi.Resource[];
  /** A role of its own, so that the nodes need no right of it. @default - none: it asks AWS for nothing */
  role?: {
    oidc: OidcIssuer;
    /** In `kube-system`. */
    serviceAccount: string;
    managedPolicies?: readonly string[];
    statements?: readonly AwsStatement[];
  };
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
    const own =
      role &&
      new EksServiceAccountRole(`${name}-access`, { namespace: "kube-system", ...role }, { parent: this });
    this.resource = new aws.eks.Addon(
      `${name}-add-on`,
      {
        clusterName: cluster.name,
        addonName: addOn,
        // What EKS installed by itself before is taken over, and what someone changed by hand is put back.
        resolveConflictsOnCreate: "OVERWRITE",
        resolveConflictsOnUpdate: "OVERWRITE",
        serviceAccountRoleArn: own?.arn,
        configurationValues: settings === undefined ? undefined : JSON.stringify(settings),
      },
      { parent: this, deletedWith: cluster, dependsOn: [...needs, ...(own?.resources ?? [])] },
    );
    this.registerOutputs({});
  }
}
