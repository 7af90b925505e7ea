import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import type { PrivateNetwork } from "../../../components/azure/network.ts";
import { AzurePrivateEndpoint } from "../../../components/azure/private-endpoint.ts";
import { place } from "./azure-stage.ts";
import { find, list, record } from "../record.ts";

test("joins the subnet and the DNS zone of a network that another stack has created", async () => {
  const network: PrivateNetwork = {
    endpointsSubnetId: pulumi.output("/subnets/endpoints"),
    zoneOf: (service) => ({ id: pulumi.output(`/zones/${service}`) }),
  };
  const { resources } = await record(
    () =>
      new AzurePrivateEndpoint("vault", {
        ...place,
        network,
        service: "vault",
        target: "/vaults/v",
        group: "vault",
      }),
  );
  expect(list(resources)).toEqual([
    "azure-native:network:PrivateDnsZoneGroup vault-names",
    "azure-native:network:PrivateEndpoint vault-endpoint",
    "slipway:network:AzurePrivateEndpoint vault",
  ]);
  expect(find(resources, "azure-native:network:PrivateEndpoint", "vault-endpoint")).toMatchObject({
    subnet: { id: "/subnets/endpoints" },
    privateLinkServiceConnections: [{ groupIds: ["vault"], privateLinkServiceId: "/vaults/v" }],
  });
  expect(find(resources, "azure-native:network:PrivateDnsZoneGroup", "vault-names")).toMatchObject({
    privateDnsZoneConfigs: [{ privateDnsZoneId: "/zones/vault" }],
  });
});
