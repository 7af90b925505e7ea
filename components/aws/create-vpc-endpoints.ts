import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

/** Services of an endpoint where the network also has a NAT gateway. */
const WITH_NAT = ["ecr.api", "ecr.dkr", "sts"];

/** Services that a cluster, its add-ons and its administrators (Session Manager) need in a network without a NAT gateway. */
export const ISOLATED_ENDPOINTS: readonly string[] = [
  ...WITH_NAT,
  "autoscaling",
  "ec2",
  "ec2messages",
  "eks",
  "eks-auth",
  "elasticloadbalancing",
  "kms",
  "logs",
  "monitoring",
  "secretsmanager",
  "ssm",
  "ssmmessages",
];

export interface VpcEndpointsOptions {
  region: string;
  vpcId: pulumi.Output<string>;
  /** Network that may use the endpoints. */
  cidr: string;
  /** Private subnets, which get an address of each interface endpoint. */
  subnetIds: pulumi.Output<string>[];
  /** Route tables of the private subnets, which get a route to S3. */
  routeTableIds: pulumi.Output<string>[];
  /** Services with an interface endpoint. @default ecr.api, ecr.dkr and sts */
  services?: readonly string[] | undefined;
}

/**
 * Creates the endpoints through which a network reaches AWS services directly: a free gateway endpoint for S3, where ECR
 * keeps image layers, and an interface endpoint for each of the other services. Returns what clients have to wait for.
 */
export function createVpcEndpoints(
  name: string,
  options: VpcEndpointsOptions,
  parent: pulumi.Resource,
): pulumi.Resource[] {
  const { region, vpcId, cidr, subnetIds, routeTableIds, services = WITH_NAT } = options;
  const child = { parent };
  const s3 = new aws.ec2.VpcEndpoint(
    `${name}-endpoint-s3`,
    { vpcId, serviceName: `com.amazonaws.${region}.s3`, vpcEndpointType: "Gateway", routeTableIds },
    child,
  );
  if (services.length === 0) return [s3];
  const group = new aws.ec2.SecurityGroup(
    `${name}-endpoints`,
    { vpcId, description: "HTTPS from within the network to services of AWS" },
    child,
  );
  const https = new aws.vpc.SecurityGroupIngressRule(
    `${name}-endpoints-https`,
    {
      securityGroupId: group.id,
      description: "HTTPS from within the network",
      cidrIpv4: cidr,
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 443,
    },
    child,
  );
  const interfaces = services.map(
    (service) =>
      new aws.ec2.VpcEndpoint(
        `${name}-endpoint-${service.replaceAll(".", "-")}`,
        {
          vpcId,
          serviceName: `com.amazonaws.${region}.${service}`,
          vpcEndpointType: "Interface",
          privateDnsEnabled: true,
          subnetIds,
          securityGroupIds: [group.id],
        },
        child,
      ),
  );
  return [s3, https, ...interfaces];
}
