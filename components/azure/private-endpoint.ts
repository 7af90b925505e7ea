import * as network from "@pulumi/azure-native/network/index.js";
import * as pulumi from "@pulumi/pulumi";
import { commonInputs, type AzurePlace } from "./place.ts";
import type { PrivateNetwork, PrivateService } from "./network.ts";

export interface AzurePrivateEndpointArgs extends AzurePlace {
  network: PrivateNetwork;
  service: PrivateService;
  /** Id of the resource that gets an address in the network. */
  target: pulumi.Input<string>;
  /** Sub-resource to reach, such as `blob`. @see https://learn.microsoft.com/azure/private-link/private-endpoint-overview#private-link-resource */
  group: "amlworkspace" | "blob" | "redisEnterprise" | "registry" | "sites" | "vault";
}

/**
 * A private address in the network for a resource of an Azure service, and its name in the private DNS zone.
 *
 * @example
 * new AzurePrivateEndpoint("vault-endpoint", { ...place, network, service: "vault", target: vault.id, group: "vault" });
 */
export class AzurePrivateEndpoint extends pulumi.ComponentResource {
  /** The name of the resource resolves to the private address when this exists. */
  readonly resource: network.PrivateDnsZoneGroup;

  constructor(name: string, args: AzurePrivateEndpointArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:network:AzurePrivateEndpoint", name, {}, opts);
    const { network: azureNetwork, service, target, group, resourceGroupName } = args;
    const zone = azureNetwork.zoneOf(service);
    const endpoint = new network.PrivateEndpoint(
      `${name}-endpoint`,
      {
        ...commonInputs(args),
        subnet: { id: azureNetwork.endpointsSubnetId },
        privateLinkServiceConnections: [{ name: group, groupIds: [group], privateLinkServiceId: target }],
      },
      { parent: this, dependsOn: zone.link ?? [] }, // when Azure deletes the endpoint, it removes its name from the zone
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
