import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { within } from "../platform/kubernetes/at-least.ts";
import { createFlowLog } from "./create-flow-log.ts";
import { createVpcEndpoints, ISOLATED_ENDPOINTS } from "./create-vpc-endpoints.ts";
import { subnets } from "./ipv4-network.ts";
import type { AwsKey } from "./key.ts";
import { awsZones, isZoneId } from "./zones.ts";

export interface AwsVpcArgs {
  region: string;
  account: string;
  /** Encrypts the flow logs; its policy must let CloudWatch Logs use it (`forLogGroups`). */
  logsKey: AwsKey;
  /** Addresses of nodes and pods; the prefix must be 20 bits or shorter. @default 10.0.0.0/16 */
  cidr?: string;
  /**
   * Two or three availability zones, by name or, the same in every account, by id. @default - a, b and c, or those of the region that
   * EKS accepts
   */
  zones?: readonly string[];
  /**
   * `zone`: one NAT gateway per zone. `one`: a single gateway, which costs less, but the network loses its internet access
   * while the zone of the gateway is down. `none`: nodes and pods reach only the network and the services of `endpoints`. @default zone
   */
  nat?: "zone" | "one" | "none";
  /** Days that flow logs are kept. @default 365 */
  flowLogDays?: number;
  /**
   * AWS services to reach without leaving the network; AWS bills each per zone and hour.
   * @default ecr.api, ecr.dkr and sts; with `nat: none` all that a cluster needs
   */
  endpoints?: readonly string[];
}

/** A subnet, in one availability zone. */
export interface AwsSubnet {
  id: pulumi.Output<string>;
  /** Name of its availability zone. */
  zone: pulumi.Output<string>;
}

interface PublicSubnet {
  subnet: aws.ec2.Subnet;
  association: aws.ec2.RouteTableAssociation;
}

interface PrivateSubnet extends PublicSubnet {
  table: aws.ec2.RouteTable;
  /** Route to the internet. @default - none, without a NAT gateway */
  route: aws.ec2.Route | undefined;
}

/**
 * A network over two or three zones: private subnets for nodes and pods, and public subnets that hold only NAT gateways and
 * load balancers. Its traffic is logged, and its default security group lets nothing through.
 *
 * @example
 * const network = new AwsVpc("network", { region: "eu-central-1", account, logsKey });
 */
export class AwsVpc extends pulumi.ComponentResource {
  readonly vpcId: pulumi.Output<string>;
  readonly cidr: string;
  readonly privateSubnetIds: pulumi.Output<string>[];
  /** The private subnets, one for each zone. */
  readonly privateSubnets: AwsSubnet[];
  readonly publicSubnetIds: pulumi.Output<string>[];
  /** Address ranges of the public subnets, in the order of `publicSubnetIds`: load balancers call from there. */
  readonly publicCidrs: readonly string[];
  readonly resource: aws.ec2.Vpc;
  /** Routes and endpoints that nodes need to reach anything. Pulumi does not see this need: pass them as `dependsOn`, so that they outlive the nodes. */
  readonly egress: pulumi.Resource[];

  constructor(name: string, args: AwsVpcArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:network:AwsVpc", name, {}, opts);
    const { region, account, logsKey, cidr = "10.0.0.0/16", zones = awsZones(region), nat = "zone" } = args;
    within(2, 3, zones.length, `${name}: number of zones`);
    const cidrs = subnetCidrs(cidr);
    this.cidr = cidr;
    this.publicCidrs = cidrs.public.slice(0, zones.length);
    this.resource = this.createVpc(name);
    this.vpcId = this.resource.id;
    this.closeDefaultSecurityGroup(name);
    const gateway = this.createInternetGateway(name);
    const publicSubnets = this.createPublicSubnets(name, zones, cidrs.public, gateway);
    const natSubnets = publicSubnets.slice(0, { zone: zones.length, one: 1, none: 0 }[nat]);
    const natGateways = this.createNatGateways(name, natSubnets, gateway);
    const privateSubnets = this.createPrivateSubnets(name, zones, cidrs.private, natGateways);
    this.publicSubnetIds = publicSubnets.map(({ subnet }) => subnet.id);
    this.privateSubnets = privateSubnets.map(({ subnet }) => ({
      id: subnet.id,
      zone: subnet.availabilityZone,
    }));
    this.privateSubnetIds = this.privateSubnets.map(({ id }) => id);
    const endpoints = createVpcEndpoints(
      name,
      {
        region,
        cidr,
        vpcId: this.vpcId,
        subnetIds: this.privateSubnetIds,
        routeTableIds: privateSubnets.map(({ table }) => table.id),
        services: args.endpoints ?? (nat === "none" ? ISOLATED_ENDPOINTS : undefined),
      },
      this,
    );
    this.egress = [
      ...privateSubnets.flatMap(({ route, association }) =>
        route === undefined ? [association] : [route, association],
      ),
      ...endpoints,
    ];
    createFlowLog(name, { vpcId: this.vpcId, account, logsKey, days: args.flowLogDays }, this);
    this.registerOutputs({ vpcId: this.vpcId });
  }

  private createVpc(name: string): aws.ec2.Vpc {
    return new aws.ec2.Vpc(
      `${name}-vpc`,
      {
        cidrBlock: this.cidr,
        enableDnsHostnames: true,
        enableDnsSupport: true,
        tags: { Name: `${name}-vpc` },
      },
      { parent: this },
    );
  }

  private closeDefaultSecurityGroup(name: string): void {
    new aws.ec2.DefaultSecurityGroup(
      `${name}-default-group`,
      { vpcId: this.vpcId, ingress: [], egress: [], tags: { Name: `${name}-default-closed` } },
      { parent: this },
    );
  }

  private createInternetGateway(name: string): aws.ec2.InternetGateway {
    return new aws.ec2.InternetGateway(
      `${name}-gateway`,
      { vpcId: this.vpcId, tags: { Name: `${name}-gateway` } },
      { parent: this },
    );
  }

  /** One subnet per zone. All of them share one route table, which leads to the internet gateway. */
  private createPublicSubnets(
    name: string,
    zones: readonly string[],
    cidrs: readonly string[],
    gateway: aws.ec2.InternetGateway,
  ): PublicSubnet[] {
    const child = { parent: this };
    const table = new aws.ec2.RouteTable(
      `${name}-public`,
      { vpcId: this.vpcId, tags: { Name: `${name}-public` } },
      child,
    );
    new aws.ec2.Route(
      `${name}-public-route`,
      { routeTableId: table.id, destinationCidrBlock: "0.0.0.0/0", gatewayId: gateway.id },
      child,
    );
    return zones.map((zone, index) => {
      const tags = { Name: `${name}-public-${zone}`, "kubernetes.io/role/elb": "1" };
      return this.createSubnet(`${name}-public-${index}`, { zone, cidr: cidrs[index], tags, table });
    });
  }

  private createNatGateways(
    name: string,
    publicSubnets: readonly PublicSubnet[],
    gateway: aws.ec2.InternetGateway,
  ): aws.ec2.NatGateway[] {
    return publicSubnets.map(({ subnet, association }, index) => {
      const tags = { Name: `${name}-nat-${index}` };
      const address = new aws.ec2.Eip(
        `${name}-nat-${index}-address`,
        { domain: "vpc", tags },
        { parent: this, dependsOn: [gateway] },
      );
      return new aws.ec2.NatGateway(
        `${name}-nat-${index}`,
        { subnetId: subnet.id, allocationId: address.id, tags },
        { parent: this, dependsOn: [gateway, association] },
      );
    });
  }

  /** One subnet per zone, each with a route table of its own, which leads to the zone's NAT gateway, to the only one, or nowhere. */
  private createPrivateSubnets(
    name: string,
    zones: readonly string[],
    cidrs: readonly string[],
    natGateways: readonly aws.ec2.NatGateway[],
  ): PrivateSubnet[] {
    const child = { parent: this };
    return zones.map((zone, index) => {
      const table = new aws.ec2.RouteTable(
        `${name}-private-${index}-table`,
        { vpcId: this.vpcId, tags: { Name: `${name}-private-${zone}` } },
        child,
      );
      const natGatewayId = (natGateways[index] ?? natGateways[0])?.id;
      const route =
        natGatewayId &&
        new aws.ec2.Route(
          `${name}-private-${index}-route`,
          { routeTableId: table.id, destinationCidrBlock: "0.0.0.0/0", natGatewayId },
          child,
        );
      const tags = { Name: `${name}-private-${zone}`, "kubernetes.io/role/internal-elb": "1" };
      const subnet = { zone, cidr: cidrs[index], tags, table };
      return { table, route, ...this.createSubnet(`${name}-private-${index}`, subnet) };
    });
  }

  private createSubnet(
    name: string,
    {
      zone,
      cidr,
      tags,
      table,
    }: {
      zone: string;
      cidr: string | undefined;
      tags: Record<string, string>;
      table: aws.ec2.RouteTable;
    },
  ): PublicSubnet {
    const subnet = new aws.ec2.Subnet(
      name,
      {
        vpcId: this.vpcId,
        ...(isZoneId(zone) ? { availabilityZoneId: zone } : { availabilityZone: zone }),
        cidrBlock: cidr,
        mapPublicIpOnLaunch: false,
        tags,
      },
      { parent: this },
    );
    const association = new aws.ec2.RouteTableAssociation(
      `${name}-routes`,
      { subnetId: subnet.id, routeTableId: table.id },
      { parent: this },
    );
    return { subnet, association };
  }
}

/**
 * Address ranges for three zones: one eighth of the network per private subnet, then 1/256 per public one. Two zones use the
 * first two of each, so that a third zone can be added later.
 */
function subnetCidrs(cidr: string): { private: string[]; public: string[] } {
  const bits = Number(cidr.split("/")[1]);
  const ranges = subnets(cidr, ...[3, 3, 3, 8, 8, 8].map((more) => bits + more));
  return { private: ranges.slice(0, 3), public: ranges.slice(3) };
}
