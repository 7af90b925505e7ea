import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { after } from "../platform/after.ts";

export interface RedisClientGroupArgs {
  vpcId: pulumi.Input<string>;
  /** Private subnets in which the containers get addresses. They must have their routes. */
  subnetIds: pulumi.Input<string[]>;
  /** Security group and port of the Redis. */
  redis: { securityGroupId: pulumi.Input<string>; port: pulumi.Input<number> };
}

/**
 * A security group for containers outside of the cluster that read a Redis. It allows no ingress, and egress only to Redis and
 * over HTTPS.
 *
 * @example
 * const group = new RedisClientGroup("serving", { vpcId, subnetIds, redis: { securityGroupId, port: 6379 } });
 * new LambdaInference("pushback", { …, vpc: group.vpc });
 */
export class RedisClientGroup extends pulumi.ComponentResource {
  /** The `vpc` argument of the SageMaker and Lambda components. Its group becomes known only when the rules exist. */
  readonly vpc: { subnetIds: pulumi.Output<string[]>; securityGroupIds: pulumi.Output<string>[] };

  constructor(
    name: string,
    { vpcId, subnetIds, redis }: RedisClientGroupArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("slipway:network:RedisClientGroup", name, {}, opts);
    const child = { parent: this };
    const group = new aws.ec2.SecurityGroup(
      `${name}-group`,
      { vpcId, description: "Containers outside of the cluster that read Redis" },
      child,
    );
    const tcp = (port: pulumi.Input<number>) => ({
      ipProtocol: "tcp",
      fromPort: port,
      toPort: port,
    });
    const rules = [
      new aws.vpc.SecurityGroupEgressRule(
        `${name}-https`,
        {
          securityGroupId: group.id,
          description: "HTTPS to the registry, whose layers are in S3",
          cidrIpv4: "0.0.0.0/0",
          ...tcp(443),
        },
        child,
      ),
      new aws.vpc.SecurityGroupEgressRule(
        `${name}-to-redis`,
        {
          securityGroupId: group.id,
          description: "Redis",
          referencedSecurityGroupId: redis.securityGroupId,
          ...tcp(redis.port),
        },
        child,
      ),
      new aws.vpc.SecurityGroupIngressRule(
        `${name}-into-redis`,
        {
          securityGroupId: redis.securityGroupId,
          description: "Redis from containers outside of the cluster",
          referencedSecurityGroupId: group.id,
          ...tcp(redis.port),
        },
        child,
      ),
    ];
    // Containers that start before the rules exist can load neither their model nor their features.
    this.vpc = {
      subnetIds: pulumi.output(subnetIds),
      securityGroupIds: [after(group.id, ...rules.map(({ urn }) => urn))],
    };
    this.registerOutputs({});
  }
}
