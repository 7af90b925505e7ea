import * as network from "@pulumi/azure-native/network/index.js";
import * as privatedns from "@pulumi/azure-native/privatedns/index.js";
import * as pulumi from "@pulumi/pulumi";
import { after } from "../platform/after.ts";
import { commonInputs, type AzurePlace } from "./place.ts";
import { subnetRules } from "./subnet-rules.ts";
import { azureSubnets } from "./subnets.ts";
import { AZURE_ZONES } from "./zones.ts";

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
  /** The network resolves names of the zone when this exists. @default - another stack has created it */
  link?: privatedns.VirtualNetworkLink;
}

/** The part of a network in which resources get private endpoints. */
export interface PrivateNetwork {
  /** Subnet of the private endpoints. */
  readonly endpointsSubnetId: pulumi.Output<string>;
  /** Returns the DNS zone of a service. Throws if the network has none. */
  zoneOf(service: PrivateService): PrivateZone;
}

export interface AzureNetworkArgs extends AzurePlace {
  /** Address range of the network: a /16. @default 10.64.0.0/16 */
  addressSpace?: string;
  /** Services for which the network resolves private endpoints. */
  services: readonly PrivateService[];
  /** Create a subnet for function apps, with access to the same private endpoints as nodes. @default false */
  functions?: boolean;
  /** Networks of administrators. Private ones reach the private endpoints and the API server; public ones reach a public API server. @default - none */
  adminCidrs?: readonly string[];
  /** Let each gateway add a rule for its callers to the security group of the nodes. @default false: nobody calls the nodes */
  gateways?: boolean;
  /** Create a subnet for virtual machines of administrators, and the subnet that Azure Bastion needs. @default false */
  adminSubnet?: boolean;
  /** Zones for the NAT gateway's address. Empty for a region without zones. @default 1, 2 and 3 */
  zones?: readonly string[];
}

/**
 * A virtual network whose nodes have no public addresses. They reach the internet through a NAT gateway, and Azure's services
 * through private endpoints. Security groups allow nothing from the internet, except administrators to a public API server and callers
 * of a gateway.
 * Subnets that people or other stacks add to the network are left alone.
 *
 * @example
 * const network = new AzureNetwork("network", { ...common, services: ["blob", "registry", "vault"] });
 */
export class AzureNetwork extends pulumi.ComponentResource implements PrivateNetwork {
  readonly id: pulumi.Output<string>;
  readonly endpointsSubnetId: pulumi.Output<string>;
  /** Ids of the other subnets. */
  readonly subnets: Record<"nodes" | "database" | "apiServer", pulumi.Output<string>>;
  /** Name of the security group of the nodes. */
  readonly nodesSecurityGroupName: pulumi.Output<string>;
  /** Id of the subnet of function apps. @default - none, see `functions` */
  readonly functionsSubnetId?: pulumi.Output<string>;
  /** Pass it as `dependsOn` to resources that need the network and its NAT gateway. */
  readonly resource: network.VirtualNetwork;
  private readonly zones: ReadonlyMap<PrivateService, PrivateZone>;

  constructor(name: string, args: AzureNetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:network:AzureNetwork", name, {}, opts);
    const { addressSpace = "10.64.0.0/16", services, zones = AZURE_ZONES, prefix } = args;
    const { functions = false, adminSubnet = false, adminCidrs = [], gateways = false } = args;
    const ranges = azureSubnets(addressSpace, `${name}: addressSpace`);
    const rules = subnetRules({ ranges, functions, adminSubnet, adminCidrs, gateways });
    const common = commonInputs(args);
    const child = { parent: this };

    const address = new network.PublicIPAddress(
      `${name}-nat-address`,
      {
        ...common,
        publicIpAddressName: `${prefix}-nat`,
        publicIPAllocationMethod: "Static",
        sku: { name: "Standard" },
        zones: zones.length === 0 ? undefined : [...zones],
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
    // Without `subnets`, the provider sends the subnets that the network has, so that an update removes none.
    this.resource = new network.VirtualNetwork(
      `${name}-network`,
      {
        ...common,
        virtualNetworkName: `${prefix}-network`,
        addressSpace: { addressPrefixes: [addressSpace] },
      },
      child,
    );
    this.id = this.resource.id;

    // Azure refuses to change two subnets of a network at the same time, so each one waits for the one before.
    const subnets: network.Subnet[] = [];
    const createSubnet = (
      subnetName: string,
      addressPrefix: string,
      settings: SubnetSettings,
    ): network.Subnet => {
      const subnet = new network.Subnet(
        `${name}-${subnetName}-subnet`,
        {
          resourceGroupName: args.resourceGroupName,
          virtualNetworkName: this.resource.name,
          subnetName,
          addressPrefix,
          ...settings,
        },
        { parent: this, dependsOn: subnets.slice(-1) },
      );
      subnets.push(subnet);
      return subnet;
    };
    const createGroup = (subnet: keyof typeof rules): network.NetworkSecurityGroup =>
      new network.NetworkSecurityGroup(
        `${name}-${subnet}-rules`,
        { ...common, networkSecurityGroupName: `${prefix}-${subnet}`, securityRules: rules[subnet] },
        child,
      );
    const guarded = ({ id }: network.NetworkSecurityGroup): SubnetSettings => ({
      defaultOutboundAccess: false,
      networkSecurityGroup: { id },
    });
    const natGateway = { id: nat.id };
    const nodesGroup = createGroup("nodes");
    this.nodesSecurityGroupName = nodesGroup.name;
    const created = {
      nodes: createSubnet("nodes", ranges.nodes, { ...guarded(nodesGroup), natGateway }),
      endpoints: createSubnet("endpoints", ranges.endpoints, {
        ...guarded(createGroup("endpoints")),
        privateEndpointNetworkPolicies: "Enabled", // applies the security group to private endpoints too
      }),
      database: createSubnet("database", ranges.database, {
        ...guarded(createGroup("database")),
        delegations: [{ name: "postgresql", serviceName: "Microsoft.DBforPostgreSQL/flexibleServers" }],
      }),
      apiServer: createSubnet("api-server", ranges.apiServer, {
        ...guarded(createGroup("api-server")),
        delegations: [{ name: "aks", serviceName: "Microsoft.ContainerService/managedClusters" }],
      }),
    };
    const functionsSubnet = functions
      ? createSubnet("functions", ranges.functions, {
          ...guarded(createGroup("functions")),
          natGateway,
          delegations: [{ name: "functions", serviceName: "Microsoft.Web/serverFarms" }],
        })
      : undefined;
    if (adminSubnet) {
      createSubnet("admin", ranges.admin, { ...guarded(createGroup("admin")), natGateway });
      createSubnet("AzureBastionSubnet", ranges.bastion, {}); // Azure Bastion looks for this name
    }
    // Azure also refuses to change a subnet while a resource joins another, so every resource waits for the last subnet.
    const ready = (subnet: network.Subnet): pulumi.Output<string> => after(subnet.id, subnets.at(-1)?.urn);
    this.subnets = {
      nodes: ready(created.nodes),
      database: ready(created.database),
      apiServer: ready(created.apiServer),
    };
    this.endpointsSubnetId = ready(created.endpoints);
    if (functionsSubnet !== undefined) this.functionsSubnetId = ready(functionsSubnet);
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

type SubnetSettings = Omit<network.SubnetArgs, "resourceGroupName" | "virtualNetworkName" | "subnetName">;
