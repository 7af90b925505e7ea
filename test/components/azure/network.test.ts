import { beforeAll, expect, test } from "vitest";
import { AzureFlowLogs } from "../../../components/azure/flow-logs.ts";
import { AzureNetwork } from "../../../components/azure/network.ts";
import { azureStage, place, workspaceId } from "./azure-stage.ts";
import { find, list, record, valueOf, type Recorded } from "../record.ts";

interface Rule {
  direction: string;
  access: string;
  sourceAddressPrefix: string;
}

let resources: Recorded[];
beforeAll(async () => {
  ({ resources } = await record(
    () => new AzureFlowLogs("flow-logs", { ...place, ...azureStage(), workspaceId }),
  ));
});

test("nodes reach the internet only through the NAT gateway, and no subnet has default outbound access", () => {
  const { subnets } = find(resources, "azure-native:network:VirtualNetwork", "network-network") as {
    subnets: {
      name: string;
      defaultOutboundAccess: boolean;
      natGateway?: unknown;
      networkSecurityGroup?: unknown;
    }[];
  };
  expect(subnets.map(({ name }) => name)).toEqual(["nodes", "endpoints", "database", "api-server"]);
  for (const subnet of subnets) {
    expect(subnet.defaultOutboundAccess).toBe(false);
    expect(subnet.networkSecurityGroup).toEqual({ id: `network-${subnet.name}-rules-id` });
  }
  expect(subnets[0]?.natGateway).toEqual({ id: "network-nat-id" });
});

test("allows nothing from the internet", () => {
  const groups = resources.filter(({ type }) => type === "azure-native:network:NetworkSecurityGroup");
  const rules = groups.flatMap(({ inputs }) => (inputs["securityRules"] ?? []) as Rule[]);
  const open = rules.filter(({ access }) => access === "Allow").map((rule) => rule.sourceAddressPrefix);
  expect(groups.length).toBe(4);
  expect(open.length).toBeGreaterThan(0);
  for (const source of open) expect(source).toMatch(/^10\.64\./);
});

test("delegates subnets to PostgreSQL and to the API server", () => {
  const { subnets } = find(resources, "azure-native:network:VirtualNetwork", "network-network");
  expect(JSON.stringify(subnets)).toContain("Microsoft.DBforPostgreSQL/flexibleServers");
  expect(JSON.stringify(subnets)).toContain("Microsoft.ContainerService/managedClusters");
});

test("gives function apps a subnet, from which they reach private endpoints", async () => {
  const { resources, result } = await record(
    () => new AzureNetwork("network", { ...place, services: ["vault"], functions: true }),
  );
  const { subnets } = find(resources, "azure-native:network:VirtualNetwork", "network-network") as {
    subnets: object[];
  };
  expect(subnets.at(-1)).toMatchObject({
    name: "functions",
    addressPrefix: "10.64.67.0/24",
    natGateway: { id: "network-nat-id" },
    delegations: [{ serviceName: "Microsoft.Web/serverFarms" }],
  });
  const { securityRules } = find(
    resources,
    "azure-native:network:NetworkSecurityGroup",
    "network-endpoints-rules",
  );
  expect(securityRules).toContainEqual(
    expect.objectContaining({ name: "functions", access: "Allow", sourceAddressPrefix: "10.64.67.0/24" }),
  );
  expect(await valueOf(result.functionsSubnetId)).toBe("network-network-id/subnets/functions");
});

test("resolves private names only for the given services", async () => {
  expect(list(resources)).toContain("azure-native:privatedns:VirtualNetworkLink network-vault-link");
  const { result } = await record(() => new AzureNetwork("network", { ...place, services: ["vault"] }));
  expect(() => result.zoneOf("redis")).toThrow("network: services must contain redis");
});

test("logs the traffic of the network with an identity that can write only to its account", () => {
  expect(find(resources, "azure-native:network:FlowLog", "flow-logs-flow-log")).toMatchObject({
    enabled: true,
    targetResourceId: "network-network-id",
    storageId: "flow-logs-storage-account-id",
    networkWatcherName: "NetworkWatcher_westeurope",
    resourceGroupName: "NetworkWatcherRG",
    retentionPolicy: { enabled: true, days: 90 },
  });
  expect(find(resources, "azure-native:authorization:RoleAssignment", "flow-logs-writer-role")).toMatchObject(
    { scope: "flow-logs-storage-account-id" },
  );
});

test("refuses a network that is not a /16", async () => {
  await expect(
    record(() => new AzureNetwork("network", { ...place, services: [], addressSpace: "10.0.0.0/8" })),
  ).rejects.toThrow("network: addressSpace must be a /16");
});
