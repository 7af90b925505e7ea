import * as network from "@pulumi/azure-native/network/index.js";
import * as privatedns from "@pulumi/azure-native/privatedns/index.js";
import * as pulumi from "@pulumi/pulumi";
import { commonInputs, type AzurePlace } from "./place.ts";
import { azureSubnets } from "./subnets.ts";

/** Private DNS zones with the names of private endpoints, by service. @see https://learn.microsoft.com/azure/private-link/private-endpoint-dns */
export const PRIVATE_ZONES = {
  blob: "privatelink.blob.core.windows.net",
  ml: "privatelink.api.azureml.ms",
  redis: "privatelink.redis.azure.net",
  registry: "privatelink.azurecr.io",
  sites: "privatelink.azurewebsites.net",
  vault: "privatelink.vaultcore.azure.net",
} as const;
export type PrivateService = keyof typeof PRIVATE_ZONES;

/** A private DNS zone that the network resolves. */
export interface PrivateZone {
  id: pulumi.Output<string>;
  /** The network resolves names of the zone when this exists. */
  link: privatedns.VirtualNetworkLink;
}

export interface AzureNetworkArgs extends AzurePlace {
  /** Address range of the network: a /16. @default 10.64.0.0/16 */
  addressSpace?: string;
  /** Services for which the network resolves private endpoints. */
  services: readonly PrivateService[];
  /** Create a subnet for function apps, with access to the same private endpoints as nodes. @default false */
  functions?: boolean;
  /** Zones for the NAT gateway's address. @default 1, 2 and 3 */
  zones?: readonly string[];
}

/**
 * A virtual network whose nodes have no public addresses. They reach the internet through a NAT gateway, and Azure's services
 * through private endpoints. Security groups allow nothing from the internet.
 *
 * @example
 * const network = new AzureNetwork("network", { ...common, services: ["blob", "registry", "vault"] });
 */
export class AzureNetwork extends pulumi.ComponentResource {
  readonly id: pulumi.Output<string>;
  /** Ids of the subnets. */
  readonly subnets: Record<"nodes" | "endpoints" | "database" | "apiServer", pulumi.Output<string>>;
  /** Id of the subnet of function apps. @default - none, see `functions` */
  readonly functionsSubnetId?: pulumi.Output<string>;
  /** Pass it as `dependsOn` to resources that need the network and its NAT gateway. */
  readonly resource: network.VirtualNetwork;
  private readonly zones: ReadonlyMap<PrivateService, PrivateZone>;

  constructor(name: string, args: AzureNetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:network:AzureNetwork", name, {}, opts);
    const { addressSpace = "10.64.0.0/16", services, zones = ["1", "2", "3"], prefix, functions } = args;
    const ranges = azureSubnets(addressSpace, `${name}: addressSpace`);
    const common = commonInputs(args);
    const child = { parent: this };

    const address = new network.PublicIPAddress(
      `${name}-nat-address`,
      {
        ...common,
        publicIpAddressName: `${prefix}-nat`,
        publicIPAllocationMethod: "Static",
        sku: { name: "Standard" },
        zones: [...zones],
      },
      child,
    );
    const nat = new network.NatGateway(
      `${name}-nat`,
      {
        ...common,
        natGatewayName: `${prefix}-nat`,
        sku: { name: "Standard" },
        publicIpAddresses: [{ id: address.id }],
        idleTimeoutInMinutes: 4,
      },
      child,
    );
    const securityGroup = (subnet: string, rules: network.NetworkSecurityGroupArgs["securityRules"]) => ({
      id: new network.NetworkSecurityGroup(
        `${name}-${subnet}-rules`,
        { ...common, networkSecurityGroupName: `${prefix}-${subnet}`, securityRules: rules },
        child,
      ).id,
    });
    const allowFrom = (source: string, ports: string[]) => [
      { ...ALLOW_INBOUND, sourceAddressPrefix: source, destinationPortRanges: ports },
      DENY_INBOUND,
    ];
    const fromFunctions = functions
      ? [{ ...ALLOW_INBOUND, ...FUNCTIONS, sourceAddressPrefix: ranges.functions }]
      : [];
    this.resource = new network.VirtualNetwork(
      `${name}-network`,
      {
        ...common,
        virtualNetworkName: `${prefix}-network`,
        addressSpace: { addressPrefixes: [addressSpace] },
        // Subnets are inputs of the network, because Azure refuses to change two separate subnets at the same time.
        subnets: [
          {
            name: "nodes",
            addressPrefix: ranges.nodes,
            natGateway: { id: nat.id },
            // AKS adds the rules that it needs. The default rules deny the internet.
            networkSecurityGroup: securityGroup("nodes", []),
            defaultOutboundAccess: false,
          },
          {
            name: "endpoints",
            addressPrefix: ranges.endpoints,
            networkSecurityGroup: securityGroup("endpoints", [
              ...fromFunctions,
              ...allowFrom(ranges.nodes, ["443", "10000", "8500-8599"]),
            ]),
            privateEndpointNetworkPolicies: "Enabled", // applies the security group to private endpoints too
            defaultOutboundAccess: false,
          },
          {
            name: "database",
            addressPrefix: ranges.database,
            networkSecurityGroup: securityGroup("database", [
              ...allowFrom(ranges.nodes, ["5432", "6432"]),
              {
                ...ALLOW_INBOUND,
                name: "replicas",
                priority: 110,
                sourceAddressPrefix: ranges.database,
                destinationPortRange: "5432",
              },
            ]),
            delegations: [{ name: "postgresql", serviceName: "Microsoft.DBforPostgreSQL/flexibleServers" }],
            defaultOutboundAccess: false,
          },
          {
            name: "api-server",
            addressPrefix: ranges.apiServer,
            delegations: [{ name: "aks", serviceName: "Microsoft.ContainerService/managedClusters" }],
            networkSecurityGroup: securityGroup("api-server", [
              { ...ALLOW_INBOUND, sourceAddressPrefix: ranges.nodes, destinationPortRanges: ["443", "4443"] },
            ]),
            defaultOutboundAccess: false,
          },
          ...(functions
            ? [
                {
                  name: "functions",
                  addressPrefix: ranges.functions,
                  natGateway: { id: nat.id },
                  networkSecurityGroup: securityGroup("functions", [DENY_INBOUND]),
                  delegations: [{ name: "functions", serviceName: "Microsoft.Web/serverFarms" }],
                  defaultOutboundAccess: false,
                },
              ]
            : []),
        ],
      },
      child,
    );
    this.id = this.resource.id;
    const subnetId = (subnet: string): pulumi.Output<string> =>
      pulumi.interpolate`${this.id}/subnets/${subnet}`;
    this.subnets = {
      nodes: subnetId("nodes"),
      endpoints: subnetId("endpoints"),
      database: subnetId("database"),
      apiServer: subnetId("api-server"),
    };
    if (functions) this.functionsSubnetId = subnetId("functions");
    this.zones = new Map(services.map((service) => [service, this.createZone(name, service, args)]));
    this.registerOutputs({ id: this.id });
  }

  /** Returns the DNS zone of a service. Throws if `services` does not contain it. */
  zoneOf(service: PrivateService): PrivateZone {
    const zone = this.zones.get(service);
    if (zone === undefined)
      throw new Error(`network: services must contain ${service}, which has a private endpoint`);
    return zone;
  }

  private createZone(
    name: string,
    service: PrivateService,
    { resourceGroupName, tags }: AzurePlace,
  ): PrivateZone {
    const zone = new privatedns.PrivateZone(
      `${name}-${service}-zone`,
      { resourceGroupName, tags, location: "global", privateZoneName: PRIVATE_ZONES[service] },
      { parent: this },
    );
    const link = new privatedns.VirtualNetworkLink(
      `${name}-${service}-link`,
      {
        resourceGroupName,
        tags,
        location: "global",
        privateZoneName: zone.name,
        virtualNetworkLinkName: "network",
        virtualNetwork: { id: this.id },
        registrationEnabled: false,
      },
      { parent: this },
    );
    return { id: zone.id, link };
  }
}

const ALLOW_INBOUND = {
  name: "nodes",
  priority: 100,
  direction: "Inbound",
  access: "Allow",
  protocol: "Tcp",
  sourcePortRange: "*",
  destinationAddressPrefix: "*",
} as const;

const FUNCTIONS = {
  name: "functions",
  priority: 120,
  destinationPortRanges: ["443", "10000", "8500-8599"],
};

/** Denies everything else, including the rest of the network, which Azure's default rules allow. */
const DENY_INBOUND = {
  name: "others",
  priority: 4000,
  direction: "Inbound",
  access: "Deny",
  protocol: "*",
  sourcePortRange: "*",
  sourceAddressPrefix: "*",
  destinationAddressPrefix: "*",
  destinationPortRange: "*",
} as const;
