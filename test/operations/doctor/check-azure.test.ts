import { describe, expect, it } from "vitest";
import { checkAzure } from "../../../operations/doctor/azure/check-azure.ts";
import { resourceProviders } from "../../../operations/doctor/azure/subscription.ts";
import type { Finding } from "../../../operations/doctor/finding.ts";
import { provisionedDemand, type ProvisionedDemand } from "../../../operations/doctor/provisioned-demand.ts";
import { fakeCloudCli, lines } from "./fake-cloud-cli.ts";
import { ofStack, type Planned } from "./planned.ts";

const SUBSCRIPTION = "6b1f0e52-6f0c-4d5c-9a43-0a4f1c2d3e11";
const TENANT = "2f6a3c44-3f2e-4f57-9c1a-5b8b0d9e7a22";
const pool = (
  vmSize: string,
  minCount: number,
  maxCount: number,
  more: object = {},
): Record<string, unknown> => ({
  vmSize,
  minCount,
  maxCount,
  enableEncryptionAtHost: true,
  availabilityZones: ["1", "2", "3"],
  ...more,
});
const planned: Planned[] = [
  {
    type: "azure-native:containerservice:ManagedCluster",
    name: "cluster",
    inputs: {
      kubernetesVersion: "1.36",
      agentPoolProfiles: [{ name: "system", ...pool("Standard_D4ds_v5", 2, 4) }],
    },
  },
  { type: "azure-native:containerservice:AgentPool", name: "cpu", inputs: pool("Standard_D4ds_v5", 3, 10) },
  {
    type: "azure-native:containerservice:AgentPool",
    name: "training",
    inputs: pool("Standard_NC4as_T4_v3", 0, 4, {
      scaleSetPriority: "Spot",
      availabilityZones: ["1"],
      nodeLabels: { "slipway.dev/pool": "training", "slipway.dev/gpu-type": "nvidia-t4" },
    }),
  },
  { type: "azure-native:containerregistry:Registry", name: "registry", inputs: { registryName: "slipway" } },
  { type: "azure-native:storage:StorageAccount", name: "data", inputs: { accountName: "slipwaydata" } },
  {
    type: "azure-native:network:FlowLog",
    name: "flow-log",
    inputs: { networkWatcherName: "NetworkWatcher_germanywestcentral" },
  },
  { type: "azure-native:authorization:RoleAssignment", name: "grant", inputs: {} },
];
const sku = (name: string, family: string, zones: string[], more: object = {}): object => ({
  name,
  family,
  capabilities: [{ name: "vCPUs", value: "4" }],
  locationInfo: [{ location: "germanywestcentral", zones }],
  restrictions: [],
  ...more,
});
const usage = (value: string, limit: number): object => ({
  name: { value, localizedValue: value },
  currentValue: "0",
  limit: String(limit),
});
const NEEDED = [
  ...["Compute", "ContainerRegistry", "ContainerService", "Network", "PolicyInsights", "Storage"],
].map((name) => `Microsoft.${name}`);
const ANSWERS: Record<string, unknown> = {
  "account show": { id: SUBSCRIPTION, tenantId: TENANT, user: { name: "me@example.com" } },
  rest: { subscriptionId: SUBSCRIPTION, state: "Enabled" },
  "provider list": NEEDED.map((namespace) => ({ namespace, registrationState: "Registered" })),
  "network watcher list": [
    { name: "networkwatcher_germanywestcentral", location: "germanywestcentral" },
    { name: "NetworkWatcher_westeurope", location: "westeurope" },
  ],
  "feature show": { properties: { state: "Registered" } },
  "role assignment list": [{ roleDefinitionName: "Owner" }],
  "ad signed-in-user show": { id: "me" },
  "ad group member check": { value: true },
  "vm list-skus": [
    sku("Standard_D4ds_v5", "standardDDSv5Family", ["3", "1", "2"]),
    sku("Standard_NC4as_T4_v3", "Standard NCASv3_T4 Family", ["1"]),
  ],
  "vm list-usage": [usage("standardDDSv5Family", 100), usage("cores", 100), usage("lowPriorityCores", 100)],
  "acr check-name": { nameAvailable: true },
  "storage account check-name": { nameAvailable: true },
  "aks get-versions": {
    values: [
      { version: "1.36", isPreview: null },
      { version: "1.37", isPreview: true },
    ],
  },
};

async function run(
  more: Record<string, unknown> = {},
  options: {
    planned?: Planned[];
    provisioned?: ProvisionedDemand[];
    deployed?: boolean;
    today?: string;
  } = {},
): Promise<Record<string, Finding[]>> {
  const checks = checkAzure(fakeCloudCli({ ...ANSWERS, ...more }), {
    subscription: SUBSCRIPTION,
    tenant: TENANT,
    adminGroups: ["admins"],
    location: "germanywestcentral",
    planned: ofStack(options.planned ?? planned, { deployed: options.deployed ?? false }),
    provisioned: options.provisioned ?? [],
    today: new Date(options.today ?? "2026-11-30"),
  });
  const found: Record<string, Finding[]> = {};
  for (const check of checks) found[check.title] = await check.run();
  return found;
}
const all = (found: Record<string, Finding[]>): Finding[] => Object.values(found).flat();

describe("a subscription of Azure", () => {
  it("has what the stack needs", async () => {
    expect(lines(all(await run())).filter((line) => !line.startsWith("ok "))).toEqual([]);
  });

  it("has to register the providers of what is planned, those of AKS itself included", () => {
    expect(resourceProviders(ofStack(planned, { deployed: false }))).toEqual(NEEDED);
  });

  it("that is fresh has registered nothing, and has no encryption at host", async () => {
    const found = await run({
      "provider list": [{ namespace: "Microsoft.Storage", registrationState: "Registered" }],
      "feature show": { properties: { state: "NotRegistered" } },
    });
    expect(all(found).filter(({ state }) => state === "wrong")).toMatchObject([
      {
        subject: "resource providers",
        fix: "az provider register --namespace Microsoft.Compute --wait && az provider register --namespace Microsoft.ContainerRegistry --wait && az provider register --namespace Microsoft.ContainerService --wait && az provider register --namespace Microsoft.Network --wait && az provider register --namespace Microsoft.PolicyInsights --wait",
      },
      { subject: "feature Microsoft.Compute/EncryptionAtHost", found: "NotRegistered" },
    ]);
  });

  it("has ten vCPUs of the family, a machine in other zones, and one that is closed to it", async () => {
    const found = await run({
      "vm list-usage": [usage("standardDDSv5Family", 10), usage("cores", 20), usage("lowPriorityCores", 0)],
      "vm list-skus": [
        sku("Standard_D4ds_v5", "standardDDSv5Family", ["1", "2"]),
        sku("Standard_NC4as_T4_v3", "Standard NCASv3_T4 Family", ["1"], {
          restrictions: [{ type: "Location", reasonCode: "NotAvailableForSubscription" }],
        }),
      ],
    });
    expect(lines(found["Machines and quotas"] ?? [])).toEqual([
      "wrong machine Standard_D4ds_v5 for system: in zones 1, 2",
      "wrong machine Standard_D4ds_v5 for cpu: in zones 1, 2",
      "wrong machine Standard_NC4as_T4_v3 for training: closed to this subscription (NotAvailableForSubscription)",
      "wrong vCPUs: standardDDSv5Family: 10",
      "wrong vCPUs: cores: 20: enough for the first up alone",
      "wrong vCPUs: lowPriorityCores: 0: enough for the first up alone",
    ]);
  });

  it("has too few vCPUs for the nodes that AKS may create by itself", async () => {
    const limits = { maxVcpus: 80, maxMemoryGib: 320, spot: true };
    const found = await run({}, { provisioned: provisionedDemand("azure", limits) });
    const vcpus = (found["Machines and quotas"] ?? []).filter(({ subject }) => subject.startsWith("vCPUs"));
    expect(vcpus.map(({ subject, state, needed }) => `${state} ${subject}: ${needed}`)).toEqual([
      "ok vCPUs: standardDDSv5Family: 20 at first, 56 when all pools are full",
      "wrong vCPUs: cores: 20 at first, 136 when all pools are full",
      "ok vCPUs: lowPriorityCores: 0 at first, 96 when all pools are full",
    ]);
  });
  describe("closes zones to the subscription", () => {
    const closed = (...zones: string[]): object => ({
      restrictions: [
        {
          type: "Zone",
          reasonCode: "NotAvailableForSubscription",
          restrictionInfo: { locations: ["germanywestcentral"], zones },
        },
      ],
    });
    const gpu = "Standard_NC4as_T4_v3";
    const [cluster, cpu, training] = planned as [Planned, Planned, Planned];
    const everywhere: Planned[] = [
      cluster,
      cpu,
      { ...training, inputs: { ...training.inputs, availabilityZones: ["1", "2", "3"] } },
    ];
    const findings = async (zones: string[], more: object): Promise<Finding[]> => {
      const found = await run(
        {
          "vm list-skus": [
            sku("Standard_D4ds_v5", "standardDDSv5Family", ["1", "2", "3"], closed("2")),
            sku(gpu, "Standard NCASv3_T4 Family", zones, more),
          ],
        },
        { planned: everywhere },
      );
      return (found["Machines and quotas"] ?? []).filter(({ subject }) => subject.startsWith("machine"));
    };

    it("and says what to write: zones of a GPU pool, or those of the cluster", async () => {
      expect(await findings(["2", "1", "3"], closed("1", "2"))).toMatchObject([
        {
          state: "wrong",
          found: "in zones 1, 3; closed to this subscription in 2",
          fix: 'cluster.zones: ["1","3"], or choose another machine, or ask Azure\'s support to open the zones',
        },
        { state: "wrong", subject: "machine Standard_D4ds_v5 for cpu" },
        {
          state: "wrong",
          subject: "machine Standard_NC4as_T4_v3 for training",
          found: "in zones 3; closed to this subscription in 1, 2",
          fix: expect.stringContaining('cluster.gpuPools.training.zones: ["3"]') as string,
        },
      ]);
    });

    it("all of them, so that no zone can be named", async () => {
      const [, , found] = await findings(["1", "2", "3"], closed("1", "2", "3"));
      expect(found).toMatchObject({
        state: "wrong",
        found: "there, in no zone; closed to this subscription in 1, 2, 3",
        fix: "choose another machine, or ask Azure's support to open the zones",
      });
    });

    it("or has the machine without zones: a GPU pool then has none", async () => {
      const [, , found] = await findings([], {});
      expect(found).toMatchObject({
        found: "there, in no zone",
        fix: "cluster.gpuPools.training.zones: [], or choose another machine",
      });
    });
  });

  it("counts the nodes of pools that stay at one size, as beside node auto-provisioning, and asks for encryption at host", async () => {
    const fixed = {
      vmSize: "Standard_D4ds_v5",
      count: 3,
      enableAutoScaling: false,
      enableEncryptionAtHost: true,
    };
    const found = await run(
      {
        "vm list-usage": [usage("standardDDSv5Family", 20), usage("cores", 100)],
        "feature show": { properties: { state: "NotRegistered" } },
      },
      {
        planned: [
          {
            type: "azure-native:containerservice:ManagedCluster",
            name: "cluster",
            inputs: { kubernetesVersion: "1.36", agentPoolProfiles: [{ name: "system", ...fixed }] },
          },
          { type: "azure-native:containerservice:AgentPool", name: "cpu", inputs: fixed },
        ],
      },
    );
    expect(lines(all(found)).filter((line) => line.startsWith("wrong"))).toEqual([
      "wrong feature Microsoft.Compute/EncryptionAtHost: NotRegistered",
      "wrong vCPUs: standardDDSv5Family: 20",
    ]);
  });

  it.each([
    [[], "NotRegistered", "ok", "none yet: Azure creates it with the first network"],
    [[], "Registered", "wrong", "none, and the subscription creates none by itself"],
    [[{ name: "ours", location: "germanywestcentral" }], "Registered", "wrong", "has another name: ours"],
  ])("has Network Watchers %j, opted out: %s", async (watchers, optOut, state, text) => {
    const found = await run({
      "network watcher list": watchers,
      "feature show --namespace Microsoft.Network": { properties: { state: optOut } },
    });
    expect(lines(all(found))).toContain(`${state} Network Watcher of germanywestcentral: ${text}`);
  });

  it.each([
    ["2027-04-01", "ok Kubernetes 1.36: until 2027-06-30, 90 days"],
    ["2027-04-02", "wrong Kubernetes 1.36: until 2027-06-30, 89 days"],
    ["2027-07-02", "wrong Kubernetes 1.36: ended on 2027-06-30"],
  ])("on %s: %s", async (today, expected) => {
    const { Versions = [] } = await run({}, { today });
    expect(lines(Versions)).toEqual([expected]);
  });

  it("lets its deployer grant no roles, and the deployer is in no group of the cluster's administrators", async () => {
    const found = await run({
      "role assignment list": [{ roleDefinitionName: "Contributor" }],
      "ad group member check": { value: false },
    });
    expect(lines(all(found)).filter((line) => line.startsWith("wrong"))).toEqual([
      "wrong rights of a first up: Contributor",
      "wrong member of a group in cluster.adminGroups: of none",
    ]);
  });

  it("is another one, or its name of a registry is taken, which is right after the first up", async () => {
    const other = { id: "other", tenantId: TENANT, user: { name: "me@example.com" } };
    expect(lines((await run({ "account show": other }))["Subscription, providers and rights"] ?? [])).toEqual(
      [`wrong subscription that is chosen: other in tenant ${TENANT}`],
    );
    const taken = {
      "acr check-name": { nameAvailable: false, message: "The registry slipway is already in use." },
    };
    expect(lines((await run(taken))["Names"] ?? [])).toContain(
      "wrong registry slipway: The registry slipway is already in use.",
    );
    expect((await run(taken, { deployed: true }))["Names"]?.[0]?.state).toBe("ok");
  });

  it.each([
    [
      "is not there",
      new Error(
        `Not Found({"error":{"code":"SubscriptionNotFound","message":"The subscription was not found"}})`,
      ),
      `az login --tenant ${TENANT}, as one who may see ${SUBSCRIPTION}`,
    ],
    ["is switched off", { state: "Disabled" }, "portal.azure.com, Subscriptions"],
  ])("that %s is one finding, and nothing else is asked of it", async (_title, answer, fix) => {
    const found = await run({ rest: answer });
    expect(found["Subscription, providers and rights"]).toMatchObject([
      { subject: "subscription that is chosen", state: "ok" },
      { subject: "state of the subscription", state: "wrong", fix: expect.stringContaining(fix) as string },
    ]);
  });

  it("does not offer the version but as a preview, or may not be asked", async () => {
    const previewOnly = await run({
      "aks get-versions": { values: [{ version: "1.36", isPreview: true }, { version: "1.35" }] },
    });
    expect(lines(previewOnly["Versions"] ?? [])).toEqual(["wrong Kubernetes 1.36: offered: 1.35"]);
    const refused = Object.fromEntries(
      Object.keys(ANSWERS)
        .filter((key) => key !== "account show")
        .map((key) => [key, new Error("AuthorizationFailed")]),
    );
    expect([...new Set(all(await run(refused)).map(({ state }) => state))].sort()).toEqual(["ok", "unknown"]);
  });
});
