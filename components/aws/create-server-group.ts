import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { AwsVpc } from "./vpc.ts";

export interface ServerGroupArgs {
  network: AwsVpc;
  /** Security group of the clients. */
  clients: pulumi.Input<string>;
  /** Name of the server's software, such as `Redis`. */
  software: string;
  /** TCP port of the server. */
  port: number;
}

/** Creates the security group of a server that only its clients can reach, and only on its port. */
export function createServerGroup(
  name: string,
  { network, clients, software, port }: ServerGroupArgs,
  opts: pulumi.CustomResourceOptions,
): aws.ec2.SecurityGroup {
  const group = new aws.ec2.SecurityGroup(
    `${name}-group`,
    { vpcId: network.vpcId, description: `${software}, from the nodes of the cluster` },
    opts,
  );
  new aws.vpc.SecurityGroupIngressRule(
    `${name}-ingress`,
    {
      securityGroupId: group.id,
      referencedSecurityGroupId: clients,
      description: `${software} from the nodes of the cluster`,
      ipProtocol: "tcp",
      fromPort: port,
      toPort: port,
    },
    opts,
  );
  return group;
}
