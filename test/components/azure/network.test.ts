import { beforeAll, expect, test } from "vitest";
import { AzureFlowLogs } from "../../../components/azure/flow-logs.ts";
import { AzureNetwork } from "../../../components/azure/network.ts";
import { azureStage, place, workspaceId } from "./azure-stage.ts";
import { find, list, record, valueOf, type Recorded } from "../record.ts";

interface Rule {
  name: string;
  access: string;
  sourceAddressPrefixes?: string[];
  destinationPortRanges?: string[];
}

const SUBNET = "azure-native:network:Subnet";

function rulesOf(of: readonly Recorded[], subnet: string): Rule[] {
  const group = find(of, "azure-native:network:NetworkSecurityGroup", `network-${subnet}-rules`);
  return group["securityRules"] as Rule[];
}

let resources: Recorded[];
beforeAll(async () => {
  ({ resources } = await record(
    () => new AzureFlowLogs("flow-logs", { ...place, ...azureStage(), workspaceId }),
  ));
});

test("nodes reach the internet only through the NAT gateway, and no subnet has default outbound access", () => {
  const subnets = resources.filter(({ type }) => type === SUBNET);
  expect(subnets.map(({ inputs }) => inputs["subnetName"])).toEqual([
    "api-server",
    "database",
    "endpoints",
    "nodes",
  ]);
  for (const { inputs } of subnets)
    expect(inputs).toMatchObject({
      virtualNetworkName: "network-network-auto",
      defaultOutboundAccess: false,
      networkSecurityGroup: { id: `network-${String(inputs["subnetName"])}-rules-id` },
    });
  expect(find(resources, SUBNET, "network-nodes-subnet")["natGateway"]).toEqual({ id: "network-nat-id" });
});

test("the network itself names no subnets, so that an update removes none that others added", () => {
  expect(find(resources, "azure-native:network:VirtualNetwork", "network-network")).not.toHaveProperty(
    "subnets",
  );
});

test("allows nothing from the internet", () => {
  const groups = resources.filter(({ type }) => type === "azure-native:network:NetworkSecurityGroup");
  const rules = groups.flatMap(({ inputs }) => inputs["securityRules"] as Rule[]);
  const open = rules.filter(({ access }) => access === "Allow").flatMap((rule) => rule.sourceAddressPrefixes);
  expect(groups.length).toBe(4);
  expect(open.length).toBeGreaterThan(0);
  for (const source of open) expect(source).toMatch(/^10\.64\./);
});

test("lets the API server reach the key vault", () => {
  expect(rulesOf(resources, "endpoints")).toContainEqual(
    expect.objectContaining({
      name: "api-server",
      access: "Allow",
      sourceAddressPrefixes: ["10.64.66.0/28"],
      destinationPortRanges: ["443"],
    }),
  );
});

test("delegates subnets to PostgreSQL and to the API server", () => {
  const delegation = (subnet: string): unknown =>
    find(resources, SUBNET, `network-${subnet}-subnet`)["delegations"];
  expect(delegation("database")).toMatchObject([
    { serviceName: "Microsoft.DBforPostgreSQL/flexibleServers" },
  ]);
  expect(delegation("api-server")).toMatchObject([
    { serviceName: "Microsoft.ContainerService/managedClusters" },
  ]);
});

test("gives function apps a subnet, from which they reach private endpoints", async () => {
  const { resources, result } = await record(
    () => new AzureNetwork("network", { ...place, services: ["vault"], functions: true }),
  );
  expect(find(resources, SUBNET, "network-functions-subnet")).toMatchObject({
    subnetName: "functions",
    addressPrefix: "10.64.67.0/24",
    natGateway: { id: "network-nat-id" },
    delegations: [{ serviceName: "Microsoft.Web/serverFarms" }],
  });
  expect(rulesOf(resources, "endpoints")).toContainEqual(
    expect.objectContaining({ name: "functions", access: "Allow", sourceAddressPrefixes: ["10.64.67.0/24"] }),
  );
  expect(await valueOf(result.functionsSubnetId)).toBe("network-functions-subnet-id");
});

test("lets private networks of administrators reach endpoints, and all of them the API server", async () => {
  const { resources } = await record(
    () =>
      new AzureNetwork("network", { ...place, services: [], adminCidrs: ["10.9.0.0/16", "203.0.113.0/24"] }),
  );
  const admins = (subnet: string): Rule | undefined =>
    rulesOf(resources, subnet).find(({ name }) => name === "admins");
  expect(admins("endpoints")).toMatchObject({
    sourceAddressPrefixes: ["10.9.0.0/16"],
    destinationPortRanges: ["443"],
  });
  expect(admins("api-server")).toMatchObject({
    sourceAddressPrefixes: ["10.9.0.0/16", "203.0.113.0/24"],
    destinationPortRanges: ["443"],
  });
  expect(admins("nodes")).toBeUndefined();
  expect(admins("database")).toBeUndefined();
});

test("lets nobody in at the nodes, and leaves the rules that gateways add to their security group", async () => {
  const group = (resources: readonly Recorded[]): Record<string, unknown> =>
    find(resources, "azure-native:network:NetworkSecurityGroup", "network-nodes-rules");
  const closed = await record(() => new AzureNetwork("network", { ...place, services: [] }));
  expect(group(closed.resources)["securityRules"]).toEqual([]);
  const open = await record(() => new AzureNetwork("network", { ...place, services: [], gateways: true }));
  expect(group(open.resources)).not.toHaveProperty("securityRules");
  expect(await valueOf(open.result.nodesSecurityGroupName)).toBe("network-nodes-rules-auto");
});

test("creates subnets for Azure Bastion and for administrators, who reach endpoints from there", async () => {
  const { resources } = await record(
    () => new AzureNetwork("network", { ...place, services: [], adminSubnet: true }),
  );
  expect(find(resources, SUBNET, "network-AzureBastionSubnet-subnet")).toMatchObject({
    subnetName: "AzureBastionSubnet", // the name that Azure Bastion looks for
    addressPrefix: "10.64.68.0/26",
  });
  expect(find(resources, SUBNET, "network-admin-subnet")).toMatchObject({
    addressPrefix: "10.64.69.0/24",
    natGateway: { id: "network-nat-id" },
  });
  expect(rulesOf(resources, "admin")).toMatchObject([
    { access: "Allow", sourceAddressPrefixes: ["10.64.68.0/26"], destinationPortRanges: ["22", "3389"] },
    { access: "Deny" },
  ]);
  expect(rulesOf(resources, "endpoints")).toContainEqual(
    expect.objectContaining({ name: "admins", sourceAddressPrefixes: ["10.64.69.0/24"] }),
  );
});

test("has an address without zones in a region without zones", async () => {
  const { resources } = await record(
    () => new AzureNetwork("network", { ...place, services: [], zones: [] }),
  );
  expect(find(resources, "azure-native:network:PublicIPAddress", "network-nat-address")).not.toHaveProperty(
    "zones",
  );
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
