// Most of these tests read one cluster that is recorded once: a second file would record it again, which takes seconds.
import type * as pulumi from "@pulumi/pulumi";
import { beforeAll, expect, test } from "vitest";
import { Aks } from "../../../../components/azure/cluster/aks.ts";
import type { AksArgs } from "../../../../components/azure/cluster/aks-args.ts";
import { azureStage, place, workspaceId } from "../azure-stage.ts";
import { dependenciesOf, find, list, record, valueOf, type Recorded } from "../../record.ts";

const ADMINS = "a3b1d7a0-9e1f-4a55-a7c6-0b8f0c2d1e33";
const CLUSTER = "azure-native:containerservice:ManagedCluster";
const POOL = "azure-native:containerservice:AgentPool";

const build = (
  more: Partial<AksArgs> = {},
  opts?: pulumi.ComponentResourceOptions,
): Promise<{ resources: Recorded[]; result: Aks }> =>
  record(
    () =>
      new Aks("cluster", { ...place, ...azureStage(), workspaceId, adminGroups: [ADMINS], ...more }, opts),
  );
const made = async (more: Partial<AksArgs> = {}): Promise<Recorded[]> => (await build(more)).resources;

let resources: Recorded[];
let aks: Aks;
let cluster: Record<string, unknown>;
beforeAll(async () => {
  ({ resources, result: aks } = await build({
    gpuPools: {
      "a100-spot": { type: "nvidia-a100-80gb", count: 2, spot: true, max: 4, mig: "1g.10gb" },
      t4: { type: "nvidia-t4", count: 1, min: 1, max: 2, timeSlicing: 4 },
    },
  }));
  cluster = find(resources, CLUSTER, "cluster-cluster");
});

test("creates a private cluster unless adminCidrs are given", async () => {
  expect(cluster["apiServerAccessProfile"]).toEqual({
    enablePrivateCluster: true,
    enablePrivateClusterPublicFQDN: false,
    privateDNSZone: "system",
    enableVnetIntegration: true,
    subnetId: "network-api-server-subnet-id",
    disableRunCommand: true,
  });
  const open = find(await made({ adminCidrs: ["203.0.113.0/24"] }), CLUSTER, "cluster-cluster");
  expect(open["apiServerAccessProfile"]).toMatchObject({
    enablePrivateCluster: false,
    authorizedIPRanges: ["203.0.113.0/24"],
  });
});

test("stays private for private adminCidrs, with a name that resolves outside of the network", async () => {
  const remote = find(await made({ adminCidrs: ["10.9.0.0/16"] }), CLUSTER, "cluster-cluster");
  expect(remote["apiServerAccessProfile"]).toMatchObject({
    enablePrivateCluster: true,
    enablePrivateClusterPublicFQDN: true,
  });
  const both = find(
    await made({ adminCidrs: ["10.9.0.0/16", "203.0.113.7/32"] }),
    CLUSTER,
    "cluster-cluster",
  );
  expect(both["apiServerAccessProfile"]).toMatchObject({
    enablePrivateCluster: false,
    authorizedIPRanges: ["203.0.113.7"], // AKS refuses private networks there
  });
});

test("spreads nodes over the zones of the cluster, and a GPU pool over its own", async () => {
  const pools = await made({
    zones: ["1", "2"],
    gpuPools: { t4: { type: "nvidia-t4", count: 1, max: 2, zones: ["2"] } },
  });
  expect(find(pools, POOL, "cluster-cpu-pool")["availabilityZones"]).toEqual(["1", "2"]);
  expect(find(pools, POOL, "cluster-t4-pool")["availabilityZones"]).toEqual(["2"]);
  const without = await made({ zones: [] });
  expect(find(without, POOL, "cluster-cpu-pool")).not.toHaveProperty("availabilityZones");
  expect(JSON.stringify(find(without, CLUSTER, "cluster-cluster"))).not.toContain("availabilityZones");
});

test("encrypts nodes at the host unless the subscription lacks the feature", async () => {
  expect(JSON.stringify(cluster)).toContain('"enableEncryptionAtHost":true');
  const off = await made({ encryptionAtHost: false });
  expect(JSON.stringify(off)).not.toContain('"enableEncryptionAtHost":true');
});

test("sends the logs of pods to the workspace, without metrics and without AKS' own namespaces", async () => {
  expect(cluster["addonProfiles"]).toMatchObject({
    omsagent: {
      enabled: true,
      config: { logAnalyticsWorkspaceResourceID: workspaceId, useAADAuth: "true" },
    },
  });
  expect(find(resources, "azure-native:monitor:DataCollectionRule", "cluster-pod-logs-rule")).toMatchObject({
    kind: "Linux",
    dataSources: {
      extensions: [
        {
          extensionName: "ContainerInsights",
          streams: ["Microsoft-ContainerLogV2", "Microsoft-KubeEvents"],
          extensionSettings: {
            dataCollectionSettings: {
              namespaceFilteringMode: "Exclude",
              namespaces: ["kube-system", "gatekeeper-system"],
              enableContainerLogV2: true,
            },
          },
        },
      ],
    },
    destinations: { logAnalytics: [{ workspaceResourceId: workspaceId }] },
  });
  expect(
    find(resources, "azure-native:monitor:DataCollectionRuleAssociation", "cluster-pod-logs-association"),
  ).toEqual({
    associationName: "ContainerInsightsExtension",
    dataCollectionRuleId: "cluster-pod-logs-rule-id",
    resourceUri: "cluster-cluster-id",
  });
  const off = await made({ podLogs: false });
  expect(list(off).filter((one) => one.includes("pod-logs"))).toEqual([]);
  expect(find(off, CLUSTER, "cluster-cluster")["addonProfiles"]).not.toHaveProperty("omsagent");
});

test("encrypts volumes with the given key", async () => {
  expect(
    find(resources, "azure-native:compute:DiskEncryptionSet", "cluster-volumes-encryption"),
  ).toMatchObject({
    encryptionType: "EncryptionAtRestWithCustomerKey",
    identity: { type: "SystemAssigned" },
    activeKey: { keyUrl: "https://vault/keys/keys-data-key/0123", sourceVault: { id: "keys-vault-id" } },
    rotationToLatestKeyVersionEnabled: true,
  });
  const role = (name: string): Record<string, unknown> =>
    find(resources, "azure-native:authorization:RoleAssignment", name);
  expect(role("cluster-volumes-key")).toMatchObject({
    principalId: "cluster-volumes-encryption-principal",
    scope: "keys-data-key-id",
  });
  expect(role("cluster-volumes-reader")).toMatchObject({
    principalId: "cluster-identities-control-plane-principal",
    scope: "cluster-volumes-encryption-id",
  });
  expect(await valueOf(aks.volumesEncryptionSetId)).toBe("cluster-volumes-encryption-id");
  expect(await dependenciesOf(aks.volumesEncryptionSetId)).toEqual([
    "azure-native:authorization:RoleAssignment cluster-volumes-key",
    "azure-native:authorization:RoleAssignment cluster-volumes-reader",
    "azure-native:compute:DiskEncryptionSet cluster-volumes-encryption",
  ]);
});

test.each([
  [undefined, true],
  [false, false],
])("with protect %s, the cluster and its volumes are protected: %s", async (protect, isProtected) => {
  const protections: unknown[] = [];
  const transformation: pulumi.ResourceTransformation = ({ type, opts, props }) => {
    if (type === CLUSTER) protections.push(opts.protect);
    return { props, opts };
  };
  await build({ protect }, { transformations: [transformation] });
  expect(protections).toEqual([isProtected]);
});

test("accepts only Entra identities", () => {
  expect(cluster["disableLocalAccounts"]).toBe(true);
  expect(cluster["aadProfile"]).toEqual({
    managed: true,
    enableAzureRBAC: true,
    adminGroupObjectIDs: [ADMINS],
    tenantID: place.tenant,
  });
  expect(
    find(resources, "azure-native:authorization:RoleAssignment", `cluster-admins-${ADMINS}`),
  ).toMatchObject({ principalId: ADMINS, principalType: "Group", scope: "cluster-cluster-id" });
});

test("encrypts secrets in etcd with the given key, in a private vault", () => {
  expect(cluster["securityProfile"]).toMatchObject({
    azureKeyVaultKms: {
      enabled: true,
      keyVaultNetworkAccess: "Private",
      keyVaultResourceId: "keys-vault-id",
    },
    workloadIdentity: { enabled: true },
    imageCleaner: { enabled: true },
  });
});

test("enforces network policies with Cilium, and uses the NAT gateway", () => {
  expect(cluster["networkProfile"]).toMatchObject({
    networkPluginMode: "overlay",
    networkPolicy: "cilium",
    networkDataplane: "cilium",
    outboundType: "userAssignedNATGateway",
  });
});

test("installs patches automatically, and has an SLA", () => {
  expect(cluster["autoUpgradeProfile"]).toEqual({
    upgradeChannel: "patch",
    nodeOSUpgradeChannel: "NodeImage",
  });
  expect(cluster["sku"]).toEqual({ name: "Base", tier: "Standard" });
  expect(cluster["kubernetesVersion"]).toBe("1.36");
});

test("keeps the audit logs of the API server", () => {
  const { logs } = find(resources, "azure-native:monitor:DiagnosticSetting", "cluster-control-plane-logs");
  expect(logs).toEqual(expect.arrayContaining([{ category: "kube-audit-admin", enabled: true }]));
});

test("gives a GPU pool its machine, driver, instances, labels and taints, and lets it shrink to zero", () => {
  expect(find(resources, POOL, "cluster-a100-spot-pool")).toMatchObject({
    agentPoolName: expect.stringMatching(/^a100spot[0-9a-f]{4}$/) as string,
    vmSize: "Standard_NC48ads_A100_v4",
    minCount: 0,
    maxCount: 4,
    gpuProfile: { driver: "Install" },
    gpuInstanceProfile: "MIG1g",
    enableEncryptionAtHost: true,
    scaleSetPriority: "Spot",
    scaleSetEvictionPolicy: "Delete",
    spotMaxPrice: -1,
    nodeLabels: {
      "slipway.dev/pool": "a100-spot",
      "slipway.dev/gpu-type": "nvidia-a100-80gb",
      "kubernetes.azure.com/scalesetpriority": "spot",
    },
    nodeTaints: [
      "nvidia.com/gpu=present:NoSchedule",
      "kubernetes.azure.com/scalesetpriority=spot:NoSchedule",
    ],
  });
  const t4 = find(resources, POOL, "cluster-t4-pool");
  expect(t4).toMatchObject({ vmSize: "Standard_NC4as_T4_v3", minCount: 1 });
  expect(t4).not.toHaveProperty("scaleSetPriority");
  expect(t4).not.toHaveProperty("gpuInstanceProfile");
});

test("reads the certificate authority of the API server without a local account", () => {
  const { properties } = find(resources, "azure-native:resources:Deployment", "cluster-authority");
  expect(properties).toMatchObject({
    mode: "Incremental",
    template: {
      resources: [],
      outputs: { kubeconfig: { value: expect.stringContaining("listClusterUserCredential(") as string } },
    },
  });
});

test("the kubeconfig holds no credentials, and waits for the logs, rights and node pools of the cluster", async () => {
  const kubeconfig = await valueOf(aks.kubeconfig);
  expect(kubeconfig).toContain("kubelogin");
  expect(kubeconfig).toContain("https://cluster-cluster.privatelink.westeurope.azmk8s.io");
  expect(await dependenciesOf(aks.kubeconfig)).toContain(
    "azure-native:resources:Deployment cluster-authority",
  );
  const needed: pulumi.Output<string>[] = [];
  const transformation: pulumi.ResourceTransformation = ({ type, opts, props }) => {
    if (type === "azure-native:resources:Deployment")
      needed.push(...(opts.dependsOn as pulumi.Resource[]).map(({ urn }) => urn));
    return { props, opts };
  };
  await build(
    { gpuPools: { t4: { type: "nvidia-t4", count: 1, max: 2 } } },
    { transformations: [transformation] },
  );
  const urns = await Promise.all(needed.map((urn) => valueOf(urn)));
  expect(urns.map((urn) => urn.split("::").at(-1))).toEqual([
    "cluster-control-plane-logs",
    `cluster-admins-${ADMINS}`,
    "cluster-cpu",
    "cluster-t4",
    "cluster-pod-logs-association",
  ]);
});

test("refuses an unsupported version, a cluster without admins and a pool without a machine", async () => {
  await expect(made({ version: "1.30" })).rejects.toThrow("cluster: version must be one of 1.34");
  await expect(made({ adminGroups: [] })).rejects.toThrow(
    "cluster: adminGroups.length must be at least 1, got 0",
  );
  await expect(made({ gpuPools: { cpu: { type: "nvidia-t4", count: 1, max: 1 } } })).rejects.toThrow(
    "rename one",
  );
  await expect(made({ gpuPools: { l4: { type: "nvidia-l4", count: 1, max: 1 } } })).rejects.toThrow(
    "must be a GPU that Azure has",
  );
});

test.each(["systemPool", "cpuPool"] as const)(
  "refuses spot nodes in the %s pool, where no pod could go",
  async (pool) => {
    await expect(made({ [pool]: { spot: true } })).rejects.toThrow(
      `cluster: ${pool}.spot must be false, got true`,
    );
  },
);

test("pools with Arm machines have no Trusted Launch", async () => {
  const resources = await made({
    systemPool: { machine: "Standard_D4ps_v6" },
    cpuPool: { machine: "Standard_D8pds_v6" },
  });
  const { agentPoolProfiles } = find(resources, CLUSTER, "cluster-cluster") as {
    agentPoolProfiles: Record<string, unknown>[];
  };
  expect(agentPoolProfiles[0]).toMatchObject({ vmSize: "Standard_D4ps_v6", osSKU: "AzureLinux" });
  expect(agentPoolProfiles[0]).not.toHaveProperty("securityProfile");
  expect(find(resources, POOL, "cluster-cpu-pool")).not.toHaveProperty("securityProfile");
});

test("a pool with reserved capacity is in its capacity reservation group", async () => {
  const id = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/capacityReservationGroups/gpus";
  const a100 = { type: "nvidia-a100-80gb", count: 1, max: 2, capacity: { kind: "reservation", id } } as const;
  const resources = await made({ gpuPools: { a100 } });
  expect(find(resources, POOL, "cluster-a100-pool")).toMatchObject({ capacityReservationGroupID: id });
  await expect(made({ gpuPools: { a100: { ...a100, spot: true } } })).rejects.toThrow(
    "cluster-a100: capacity must be left out where spot is true",
  );
});
