import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { trustService } from "../policy-document.ts";

/**
 * Rights to join the cluster and to pull images. Networking and disks have roles of their own, so that pods gain nothing from
 * the role of their node. Session Manager replaces SSH.
 */
const POLICIES = [
  "AmazonEKSWorkerNodePolicy",
  "AmazonEC2ContainerRegistryPullOnly",
  "AmazonSSMManagedInstanceCore",
] as const;

/**
 * The IAM role of a cluster's nodes.
 *
 * @example
 * const role = new EksNodeRole("cluster-nodes", {});
 */
export class EksNodeRole extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  /** Pass them as `dependsOn` to node groups, which need the rights until they are deleted. */
  readonly attachments: pulumi.Resource[];

  constructor(name: string, args: Record<string, never>, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:cluster:EksNodeRole", name, args, opts);
    const role = new aws.iam.Role(
      `${name}-role`,
      { description: "Nodes of the cluster", assumeRolePolicy: trustService("ec2.amazonaws.com") },
      { parent: this },
    );
    this.arn = role.arn;
    this.attachments = POLICIES.map(
      (policy) =>
        new aws.iam.RolePolicyAttachment(
          `${name}-${policy}`,
          { role: role.name, policyArn: `arn:aws:iam::aws:policy/${policy}` },
          { parent: this },
        ),
    );
    this.registerOutputs({ arn: this.arn });
  }
}
