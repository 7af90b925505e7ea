import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { awsPolicy, onBehalfOf, trustService } from "./policy-document.ts";
import { within } from "../platform/kubernetes/at-least.ts";
import { awsZones } from "./zones.ts";
import { subnets } from "./ipv4-network.ts";
import type { AwsKey } from "./key.ts";

export interface AwsVpcArgs {
  region: string;
  account: string;
  /** Encrypts the flow logs; CloudWatch Logs has to be let use it. */
  logsKey: AwsKey;
  /** Addresses: pods have theirs of it too. A network of 20 bits or fewer. @default 10.0.0.0/16 */
  cidr?: string;
  /** Two or three availability zones. @default - a, b and c, or what the region has instead */
  zones?: readonly string[];
  /** `zone`: one NAT gateway per zone; `one`: the price of one, and no way out while its zone is down. @default zone */
  nat?: "zone" | "one";
  /** Days that flow logs are kept. @default 365 */
  flowLogDays?: number;
  /** Services reached without leaving the network, at a price per zone and hour. @default ecr.api, ecr.dkr and sts */
  endpoints?: readonly string[];
}

/**
 * A network over two or three zones: private subnets for nodes and pods, public ones for nothing but NAT gateways and load
 * balancers. Its traffic is logged, and its default security group lets nothing through.
 *
 * @example
 * const network = new AwsVpc("network", { region: "eu-central-1", account, logsKey });
 */
export class AwsVpc extends pulumi.ComponentResource {
  readonly vpcId: pulumi.Output<string>;
  readonly cidr: string;
  readonly privateSubnetIds: pulumi.Output<string>[];
  readonly publicSubnetIds: pulumi.Output<string>[];
  readonly resource: aws.ec2.Vpc;
  /** What nodes need to reach anything. Pulumi cannot see it: pass it as `dependsOn`, so that it outlives them. */
  readonly egress: pulumi.Resource[];
  private readonly args: AwsVpcArgs;

  constructor(name: string, args: AwsVpcArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:network:AwsVpc", name, {}, opts);
    this.args = args;
    const { region, cidr = "10.0.0.0/16", zones = awsZones(region), nat = "zone" } = args;
    within(2, 3, zones.length, `${name}: number of zones`);
    const tagged = (suffix: string): { tags: { Name: string } } => ({ tags: { Name: `${name}-${suffix}` } });
    this.cidr = cidr;
    const bits = Number(cidr.split("/")[1]);
    // Three eighths for pods and nodes, then small ones for what faces the internet; of two zones a third stays free.
    const [p0, p1, p2, ...rest] = subnets(cidr, ...[3, 3, 3, 8, 8, 8].map((more) => bits + more));
    const privateCidrs = [p0, p1, p2];

    const vpc = new aws.ec2.Vpc(
      `${name}-vpc`,
      { cidrBlock: cidr, enableDnsHostnames: true, enableDnsSupport: true, ...tagged("vpc") },
      { parent: this },
    );
    this.resource = vpc;
    this.vpcId = vpc.id;
    const child = { parent: this };
    new aws.ec2.DefaultSecurityGroup(
      `${name}-default-group`,
      { vpcId: vpc.id, ingress: [], egress: [], ...tagged("default-closed") },
      child,
    );
    const gateway = new aws.ec2.InternetGateway(
      `${name}-gateway`,
      { vpcId: vpc.id, ...tagged("gateway") },
      child,
    );
    const outside = new aws.ec2.RouteTable(`${name}-public`, { vpcId: vpc.id, ...tagged("public") }, child);
    new aws.ec2.Route(
      `${name}-public-route`,
      { routeTableId: outside.id, destinationCidrBlock: "0.0.0.0/0", gatewayId: gateway.id },
      child,
    );
    const front = zones.map((zone, index) => {
      const subnet = new aws.ec2.Subnet(
        `${name}-public-${index}`,
        {
          vpcId: vpc.id,
          availabilityZone: zone,
          cidrBlock: rest[index],
          mapPublicIpOnLaunch: false,
          tags: { Name: `${name}-public-${zone}`, "kubernetes.io/role/elb": "1" },
        },
        child,
      );
      const association = new aws.ec2.RouteTableAssociation(
        `${name}-public-${index}-routes`,
        { subnetId: subnet.id, routeTableId: outside.id },
        child,
      );
      return { subnet, association };
    });
    const nats = (nat === "zone" ? front : front.slice(0, 1)).map(({ subnet, association }, index) => {
      const address = new aws.ec2.Eip(
        `${name}-nat-${index}-address`,
        { domain: "vpc", ...tagged(`nat-${index}`) },
        { parent: this, dependsOn: [gateway] },
      );
      return new aws.ec2.NatGateway(
        `${name}-nat-${index}`,
        { subnetId: subnet.id, allocationId: address.id, ...tagged(`nat-${index}`) },
        { parent: this, dependsOn: [gateway, association] },
      );
    });
    const inside = zones.map((zone, index) => {
      const subnet = new aws.ec2.Subnet(
        `${name}-private-${index}`,
        {
          vpcId: vpc.id,
          availabilityZone: zone,
          cidrBlock: privateCidrs[index],
          mapPublicIpOnLaunch: false,
          tags: { Name: `${name}-private-${zone}`, "kubernetes.io/role/internal-elb": "1" },
        },
        child,
      );
      const table = new aws.ec2.RouteTable(
        `${name}-private-${index}-table`,
        { vpcId: vpc.id, ...tagged(`private-${zone}`) },
        child,
      );
      const route = new aws.ec2.Route(
        `${name}-private-${index}-route`,
        {
          routeTableId: table.id,
          destinationCidrBlock: "0.0.0.0/0",
          natGatewayId: (nats[index] ?? nats[0])?.id,
        },
        child,
      );
      const association = new aws.ec2.RouteTableAssociation(
        `${name}-private-${index}-routes`,
        { subnetId: subnet.id, routeTableId: table.id },
        child,
      );
      return { subnet, table, route, association };
    });
    this.publicSubnetIds = front.map(({ subnet }) => subnet.id);
    this.privateSubnetIds = inside.map(({ subnet }) => subnet.id);
    this.egress = [
      ...inside.flatMap(({ route, association }) => [route, association]),
      ...this.createEndpoints(
        name,
        inside.map(({ table }) => table.id),
      ),
    ];
    this.createFlowLog(name);
    this.registerOutputs({ vpcId: this.vpcId });
  }

  /** S3 by route, at no price: ECR keeps its layers there. The others by an address in each private subnet. */
  private createEndpoints(name: string, routeTableIds: pulumi.Output<string>[]): pulumi.Resource[] {
    const { region, endpoints = ["ecr.api", "ecr.dkr", "sts"] } = this.args;
    const vpcId = this.vpcId;
    const child = { parent: this };
    const s3 = new aws.ec2.VpcEndpoint(
      `${name}-endpoint-s3`,
      { vpcId, serviceName: `com.amazonaws.${region}.s3`, vpcEndpointType: "Gateway", routeTableIds },
      child,
    );
    if (endpoints.length === 0) return [s3];
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
        cidrIpv4: this.cidr,
        ipProtocol: "tcp",
        fromPort: 443,
        toPort: 443,
      },
      child,
    );
    const interfaces = endpoints.map(
      (service) =>
        new aws.ec2.VpcEndpoint(
          `${name}-endpoint-${service.replaceAll(".", "-")}`,
          {
            vpcId,
            serviceName: `com.amazonaws.${region}.${service}`,
            vpcEndpointType: "Interface",
            privateDnsEnabled: true,
            subnetIds: this.privateSubnetIds,
            securityGroupIds: [group.id],
          },
          child,
        ),
    );
    return [s3, https, ...interfaces];
  }

  private createFlowLog(name: string): void {
    const { account, logsKey, flowLogDays = 365 } = this.args;
    const child = { parent: this };
    const group = new aws.cloudwatch.LogGroup(
      `${name}-flow-logs`,
      { retentionInDays: flowLogDays, kmsKeyId: logsKey.arn },
      child,
    );
    const role = new aws.iam.Role(
      `${name}-flow-role`,
      {
        description: "Writes the flow logs of the network",
        assumeRolePolicy: trustService("vpc-flow-logs.amazonaws.com", onBehalfOf(account)),
      },
      child,
    );
    const policy = new aws.iam.RolePolicy(
      `${name}-flow-policy`,
      {
        role: role.id,
        policy: awsPolicy({
          Sid: "WriteOwnGroup",
          Action: ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
          Resource: [group.arn, pulumi.interpolate`${group.arn}:*`],
        }),
      },
      child,
    );
    new aws.ec2.FlowLog(
      `${name}-flow-log`,
      {
        vpcId: this.vpcId,
        trafficType: "ALL",
        logDestinationType: "cloud-watch-logs",
        logDestination: group.arn,
        iamRoleArn: role.arn,
        maxAggregationInterval: 60,
      },
      { parent: this, dependsOn: [policy] },
    );
  }
}
