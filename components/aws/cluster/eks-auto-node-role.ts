import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { after } from "../../platform/after.ts";
import { trustService } from "../policy-document.ts";

/** Rights to join the cluster and to pull images. */
const POLICIES = ["AmazonEKSWorkerNodeMinimalPolicy", "AmazonEC2ContainerRegistryPullOnly"] as const;

export interface EksAutoNodeRoleArgs {
  cluster: aws.eks.Cluster;
}

/**
 * The IAM role of the nodes that EKS Auto Mode creates, and its access to the cluster.
 *
 * @example
 * const role = new EksAutoNodeRole("cluster-auto-nodes", { cluster });
 */
export class EksAutoNodeRole extends pulumi.ComponentResource {
  /** Name of the role; becomes known when the role has its rights. */
  readonly roleName: pulumi.Output<string>;

  constructor(name: string, { cluster }: EksAutoNodeRoleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:cluster:EksAutoNodeRole", name, {}, opts);
    const child = { parent: this };
    const role = new aws.iam.Role(
      `${name}-role`,
      { description: "Nodes of EKS Auto Mode", assumeRolePolicy: trustService("ec2.amazonaws.com") },
      child,
    );
    const attachments = POLICIES.map(
      (policy) =>
        new aws.iam.RolePolicyAttachment(
          `${name}-${policy}`,
          { role: role.name, policyArn: `arn:aws:iam::aws:policy/${policy}` },
          child,
        ),
    );
    const inCluster = { parent: this, deletedWith: cluster };
    const entry = new aws.eks.AccessEntry(
      `${name}-entry`,
      { clusterName: cluster.name, principalArn: role.arn, type: "EC2" },
      inCluster,
    );
    const association = new aws.eks.AccessPolicyAssociation(
      `${name}-access`,
      {
        clusterName: cluster.name,
        principalArn: entry.principalArn,
        policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSAutoNodePolicy",
        accessScope: { type: "cluster" },
      },
      inCluster,
    );
    this.roleName = after(role.name, association.urn, ...attachments.map(({ urn }) => urn));
    this.registerOutputs({ roleName: this.roleName });
  }
}
