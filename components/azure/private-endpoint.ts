import * as network from "@pulumi/azure-native/network/index.js";
import * as pulumi from "@pulumi/pulumi";
import { inPlace, type AzurePlace } from "./place.ts";
import type { AzureNetwork, PrivateService } from "./network.ts";

export interface AzurePrivateEndpointArgs extends AzurePlace {
  network: AzureNetwork;
  service: PrivateService;
  /** Id of the resource that gets an address in the network. */
  target: pulumi.Input<string>;
  /** What of the resource is reached, such as `blob`. @see https://learn.microsoft.com/azure/private-link/private-endpoint-overview#private-link-resource */
  group: "amlworkspace" | "blob" | "redisEnterprise" | "registry" | "sites" | "vault";
}

/**
 * An address in the network for a service of Azure, and its name in the private zone.
 *
 * @example
 * new AzurePrivateEndpoint("vault-endpoint", { ...place, network, service: "vault", target: vault.id, group: "vault" });
 */
export class AzurePrivateEndpoint extends pulumi.ComponentResource {
  /** The name resolves once this is there. */
  readonly resource: network.PrivateDnsZoneGroup;

  constructor(name: string, args: AzurePrivateEndpointArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:network:AzurePrivateEndpoint", name, {}, opts);
    const { network: own, service, target, group, resourceGroupName } = args;
    const zone = own.zoneOf(service);
    const endpoint = new network.PrivateEndpoint(
      `${name}-endpoint`,
      {
        ...inPlace(args),
        subnet: { id: own.subnets.endpoints },
        privateLinkServiceConnections: [{ name: group, groupIds: [group], privateLinkServiceId: target }],
      },
      { parent: this, dependsOn: zone.link }, // its name goes with it, and Azure takes that out of the zone
    );
    this.resource = new network.PrivateDnsZoneGroup(
      `${name}-names`,
      {
        resourceGroupName,
        privateEndpointName: endpoint.name,
        privateDnsZoneGroupName: "default",
        privateDnsZoneConfigs: [{ name: service, privateDnsZoneId: zone.id }],
      },
      { parent: this, deletedWith: endpoint },
    );
    this.registerOutputs({});
  }
}
