import * as network from "@pulumi/azure-native/network/index.js";
import * as privatedns from "@pulumi/azure-native/privatedns/index.js";
import * as pulumi from "@pulumi/pulumi";
import { inPlace, type AzurePlace } from "./place.ts";
import { azureSubnets } from "./subnets.ts";

/** Zone in which the private endpoints of a service have their names. @see https://learn.microsoft.com/azure/private-link/private-endpoint-dns */
export const PRIVATE_ZONES = {
  blob: "privatelink.blob.core.windows.net",
  ml: "privatelink.api.azureml.ms",
  redis: "privatelink.redis.azure.net",
  registry: "privatelink.azurecr.io",
  sites: "privatelink.azurewebsites.net",
  vault: "privatelink.vaultcore.azure.net",
} as const;
export type PrivateService = keyof typeof PRIVATE_ZONES;

/** A private zone that the network resolves. */
export interface PrivateZone {
  id: pulumi.Output<string>;
  /** Names resolve once this is there. */
  link: privatedns.VirtualNetworkLink;
}

export interface AzureNetworkArgs extends AzurePlace {
  /** A /16. @default 10.64.0.0/16 */
  addressSpace?: string;
  /** Services that are reached through private endpoints. */
  services: readonly PrivateService[];
  /** A subnet from which function apps reach what nodes reach. @default false */
  functions?: boolean;
  /** Zones of the region in which the NAT gateway's address is. @default 1, 2 and 3 */
  zones?: readonly string[];
}

/**
 * A virtual network whose nodes have no addresses on the internet: they leave through a NAT gateway, and reach Azure's
 * services through private endpoints. Security groups let nothing in from the internet.
 *
 * @example
 * const network = new AzureNetwork("network", { ...place, services: ["blob", "registry", "vault"] });
 */
export class AzureNetwork extends pulumi.ComponentResource {
  readonly id: pulumi.Output<string>;
  /** Ids of the subnets. */
  readonly subnets: Record<"nodes" | "endpoints" | "database" | "apiServer", pulumi.Output<string>>;
  /** Id of the subnet of function apps. @default - none, see `functions` */
  readonly functionsSubnetId?: pulumi.Output<string>;
  /** What waits for the network and its way out waits for this. */
  readonly resource: network.VirtualNetwork;
  private readonly zones: ReadonlyMap<PrivateService, PrivateZone>;

  constructor(name: string, args: AzureNetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:network:AzureNetwork", name, {}, opts);
    const { addressSpace = "10.64.0.0/16", services, zones = ["1", "2", "3"], prefix, functions } = args;
    const ranges = azureSubnets(addressSpace, `${name}: addressSpace`);
    const place = inPlace(args);
    const child = { parent: this };

    const address = new network.PublicIPAddress(
      `${name}-nat-address`,
      {
        ...place,
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
        ...place,
        natGatewayName: `${prefix}-nat`,
        sku: { name: "Standard" },
        publicIpAddresses: [{ id: address.id }],
        idleTimeoutInMinutes: 4,
      },
      child,
    );
    const guard = (subnet: string, rules: network.NetworkSecurityGroupArgs["securityRules"]) => ({
      id: new network.NetworkSecurityGroup(
        `${name}-${subnet}-rules`,
        { ...place, networkSecurityGroupName: `${prefix}-${subnet}`, securityRules: rules },
        child,
      ).id,
    });
    const from = (source: string, ports: string[]) => [
      { ...ALLOW_INBOUND, sourceAddressPrefix: source, destinationPortRanges: ports },
      DENY_INBOUND,
    ];
    const fromFunctions = functions
      ? [{ ...ALLOW_INBOUND, ...FUNCTIONS, sourceAddressPrefix: ranges.functions }]
      : [];
    this.resource = new network.VirtualNetwork(
      `${name}-network`,
      {
        ...place,
        virtualNetworkName: `${prefix}-network`,
        addressSpace: { addressPrefixes: [addressSpace] },
        // Subnets are part of the network: Azure refuses to change two of them at once.
        subnets: [
          {
            name: "nodes",
            addressPrefix: ranges.nodes,
            natGateway: { id: nat.id },
            // What AKS needs, it adds; the internet is kept out by the default rules.
            networkSecurityGroup: guard("nodes", []),
            defaultOutboundAccess: false,
          },
          {
            name: "endpoints",
            addressPrefix: ranges.endpoints,
            networkSecurityGroup: guard("endpoints", [
              ...fromFunctions,
              ...from(ranges.nodes, ["443", "10000", "8500-8599"]),
            ]),
            privateEndpointNetworkPolicies: "Enabled", // the security group rules endpoints too
            defaultOutboundAccess: false,
          },
          {
            name: "database",
            addressPrefix: ranges.database,
            networkSecurityGroup: guard("database", [
              ...from(ranges.nodes, ["5432", "6432"]),
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
            networkSecurityGroup: guard("api-server", [
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
                  networkSecurityGroup: guard("functions", [DENY_INBOUND]),
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
    const subnet = (called: string): pulumi.Output<string> =>
      pulumi.interpolate`${this.id}/subnets/${called}`;
    this.subnets = {
      nodes: subnet("nodes"),
      endpoints: subnet("endpoints"),
      database: subnet("database"),
      apiServer: subnet("api-server"),
    };
    if (functions) this.functionsSubnetId = subnet("functions");
    this.zones = new Map(services.map((service) => [service, this.zone(name, service, args)]));
    this.registerOutputs({ id: this.id });
  }

  /** The zone of a service. Throws if the network was not made for it. */
  zoneOf(service: PrivateService): PrivateZone {
    const zone = this.zones.get(service);
    if (zone === undefined)
      throw new Error(`network: services must name ${service}, which has a private endpoint`);
    return zone;
  }

  private zone(name: string, service: PrivateService, { resourceGroupName, tags }: AzurePlace): PrivateZone {
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

/** Also what Azure's default rules let through: the rest of the network. */
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
