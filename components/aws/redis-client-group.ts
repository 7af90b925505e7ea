import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { ElasticacheRedis } from "./elasticache.ts";
import type { AwsVpc } from "./vpc.ts";
import { after } from "../platform/after.ts";

export interface RedisClientGroupArgs {
  network: AwsVpc;
  redis: ElasticacheRedis;
}

/**
 * A security group for containers outside of the cluster that read a Redis. It allows no ingress, and egress only to Redis and
 * over HTTPS.
 *
 * @example
 * const group = new RedisClientGroup("serving", { network, redis });
 * new LambdaInference("pushback", { …, vpc: group.vpc });
 */
export class RedisClientGroup extends pulumi.ComponentResource {
  /** The `vpc` argument of the SageMaker and Lambda components. It becomes known only when the routes and rules exist. */
  readonly vpc: { subnetIds: pulumi.Output<string>[]; securityGroupIds: pulumi.Output<string>[] };

  constructor(
    name: string,
    { network, redis }: RedisClientGroupArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("slipway:network:RedisClientGroup", name, {}, opts);
    const child = { parent: this };
    const group = new aws.ec2.SecurityGroup(
      `${name}-group`,
      { vpcId: network.vpcId, description: "Containers outside of the cluster that read Redis" },
      child,
    );
    const tcp = (port: number): { ipProtocol: string; fromPort: number; toPort: number } => ({
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
    // Containers that start before these exist can load neither their model nor their features.
    const routesAndRules = [...network.egress.map(({ urn }) => urn), ...rules.map(({ urn }) => urn)];
    this.vpc = {
      subnetIds: network.privateSubnetIds.map((id) => after(id, ...routesAndRules)),
      securityGroupIds: [after(group.id, ...routesAndRules)],
    };
    this.registerOutputs({});
  }
}
