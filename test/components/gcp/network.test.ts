import { expect, test } from "vitest";
import { GcpNetwork, type GcpNetworkArgs } from "../../../components/gcp/network.ts";
import { find, list, record, valueOf } from "../record.ts";

const build = (args: Partial<GcpNetworkArgs> = {}) =>
  record(() => new GcpNetwork("network", { project: "acme-ml", region: "europe-west4", ...args }));

test("a network has one subnet behind a NAT, and no peering", async () => {
  const { resources, result } = await build();
  expect(list(resources)).toEqual([
    "gcp:compute/network:Network network-vpc",
    "gcp:compute/router:Router network-router",
    "gcp:compute/routerNat:RouterNat network-nat",
    "gcp:compute/subnetwork:Subnetwork network-subnet",
    "slipway:network:GcpNetwork network",
  ]);
  expect(result.managedServicesNetwork).toBeUndefined();
});

test("the network creates no automatic subnets", async () => {
  const { resources } = await build();
  expect(find(resources, "gcp:compute/network:Network", "network-vpc")).toEqual({
    project: "acme-ml",
    autoCreateSubnetworks: false,
    routingMode: "REGIONAL",
  });
});

test("the subnet logs its traffic, and has ranges for pods and services", async () => {
  const { resources } = await build({ podCidr: "10.64.0.0/14" });
  expect(find(resources, "gcp:compute/subnetwork:Subnetwork", "network-subnet")).toMatchObject({
    ipCidrRange: "10.0.0.0/20",
    secondaryIpRanges: [
      { rangeName: "pods", ipCidrRange: "10.64.0.0/14" },
      { rangeName: "services", ipCidrRange: "10.8.0.0/20" },
    ],
    privateIpGoogleAccess: true,
    logConfig: { aggregationInterval: "INTERVAL_1_MIN", flowSampling: 0.5, metadata: "INCLUDE_ALL_METADATA" },
  });
});

test("the NAT serves only this subnet, with enough ports for nodes with many pods, and logs errors", async () => {
  const { resources } = await build();
  expect(find(resources, "gcp:compute/routerNat:RouterNat", "network-nat")).toMatchObject({
    router: "network-router-auto",
    natIpAllocateOption: "AUTO_ONLY",
    sourceSubnetworkIpRangesToNat: "LIST_OF_SUBNETWORKS",
    subnetworks: [{ name: "network-subnet-id", sourceIpRangesToNats: ["ALL_IP_RANGES"] }],
    enableDynamicPortAllocation: true,
    enableEndpointIndependentMapping: false,
    minPortsPerVm: 128,
    maxPortsPerVm: 16_384,
    logConfig: { enable: true, filter: "ERRORS_ONLY" },
  });
});

test("managed services have a peering with an address range of its own", async () => {
  const { resources, result } = await build({ managedServices: true });
  expect(find(resources, "gcp:compute/globalAddress:GlobalAddress", "network-managed-range")).toMatchObject({
    purpose: "VPC_PEERING",
    addressType: "INTERNAL",
    prefixLength: 20,
    network: "network-vpc-id",
  });
  expect(
    find(resources, "gcp:servicenetworking/connection:Connection", "network-managed-services"),
  ).toMatchObject({
    service: "servicenetworking.googleapis.com",
    reservedPeeringRanges: ["network-managed-range-auto"],
    // Google refuses to delete the connection for days after Cloud SQL is deleted.
    deletionPolicy: "ABANDON",
  });
  expect(await valueOf(result.managedServicesNetwork)).toBe("network-vpc-id");
});

test("a network without NAT has no router, and still reaches the APIs of Google", async () => {
  const { resources } = await build({ nat: false });
  expect(list(resources)).toEqual([
    "gcp:compute/network:Network network-vpc",
    "gcp:compute/subnetwork:Subnetwork network-subnet",
    "slipway:network:GcpNetwork network",
  ]);
  expect(find(resources, "gcp:compute/subnetwork:Subnetwork", "network-subnet")).toMatchObject({
    privateIpGoogleAccess: true,
  });
});
