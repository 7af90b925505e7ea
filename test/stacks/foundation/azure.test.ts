import * as pulumi from "@pulumi/pulumi";
import { beforeAll, expect, test } from "vitest";
import { connectAzure } from "../../../stacks/connection/azure.ts";
import type { CloudConnection } from "../../../stacks/connection/connection.ts";
import { asRead } from "./as-read.ts";
import { azureFoundation } from "../../../stacks/foundation/azure.ts";
import { cloudSchema, type CloudConfig } from "../../../stacks/config/schema/cloud.ts";
import { clusterSchema, type AksConfig } from "../../../stacks/config/schema/cluster.ts";
import type { ImagesLock } from "../../../components/platform/registry/images-lock.ts";
import { find, list, record, valueOf, type Recorded } from "../../components/record.ts";

const SUBSCRIPTION = "6f1c7f0a-2c63-4c39-9a53-6b1f0a3f5d11";
const TENANT = "c1a3e6a2-5b1e-4c8f-8f38-0d2f6a0a7b22";
const ADMINS = "a3b1d7a0-9e1f-4a55-a7c6-0b8f0c2d1e33";

const cluster = (more: object = {}): AksConfig =>
  clusterSchema.parse({
    kind: "aks",
    subscription: SUBSCRIPTION,
    tenant: TENANT,
    adminGroups: [ADMINS],
    region: "westeurope",
    gpuPools: { "a100-spot": { type: "nvidia-a100-80gb", count: 1, spot: true, max: 4, mig: "3g.40gb" } },
    ...more,
  }) as AksConfig;
const cloud = (more: object = {}): CloudConfig =>
  cloudSchema.parse({
    prefix: "acme",
    tags: { owner: "ml", environment: "prod" },
    budget: { monthlyUsd: 5000, emails: ["ml@example.com"] },
    ...more,
  });
const addOn = (repository: string): ImagesLock["images"]["runtime"] => ({
  repository,
  digest: `sha256:${"a".repeat(64)}`,
  sizeBytes: 1,
  source: "test",
});
const request = {
  url: "https://acmeml.azurecr.io",
  dockerConfig: undefined,
  images: {
    schemaVersion: 1,
    images: {
      "nvidia-device-plugin": addOn("nvidia/k8s-device-plugin"),
      "dcgm-exporter": addOn("nvidia/dcgm-exporter"),
    },
  } as ImagesLock,
  environments: [],
  repositories: [],
};

/** Both layers in one program. */
function connected(config: { cluster: AksConfig; cloud: CloudConfig }, url = request.url): CloudConnection {
  const { images } = request;
  const foundation = azureFoundation({ ...config, images, registryUrl: url });
  return connectAzure({ ...config, foundation: asRead(foundation) }).connect({ ...request, url });
}

async function whole(): Promise<Recorded[]> {
  const { resources } = await record(() => {
    const connection = connected({ cluster: cluster(), cloud: cloud() });
    connection.identity({ namespace: "platform", serviceAccount: "training", access: "write" });
    connection.identity({ namespace: "staging", serviceAccount: "pushback", access: "read" });
  });
  return resources;
}

let resources: Recorded[];
beforeAll(async () => {
  resources = await whole();
});

const typed = (resources: readonly Recorded[], type: string): Recorded[] =>
  resources.filter((resource) => resource.type === type);

test("stands on one cluster, one registry, one account for data and one for flow logs, and a vault of three keys", () => {
  const counts = Object.fromEntries(
    [
      "azure-native:containerservice:ManagedCluster",
      "azure-native:containerservice:AgentPool",
      "azure-native:containerregistry:Registry",
      "azure-native:storage:StorageAccount",
      "azure-native:network:PrivateEndpoint",
      "azure-native:keyvault:Key",
      "azure-native:network:FlowLog",
    ].map((type): [string, number] => [type.replace(/.*:/, ""), typed(resources, type).length]),
  );
  expect(counts).toEqual({
    ManagedCluster: 1,
    AgentPool: 2,
    Registry: 1,
    StorageAccount: 2,
    PrivateEndpoint: 4,
    Key: 3,
    FlowLog: 1,
  });
});

test("tags everything that takes tags", () => {
  const untagged = list(
    resources.filter(({ type, inputs }) => type.startsWith("azure-native:") && inputs["tags"] === undefined),
  ).map((one) => one.split(" ")[0]);
  expect(new Set(untagged)).toEqual(
    new Set([
      "azure-native:authorization:RoleAssignment",
      "azure-native:consumption:Budget",
      "azure-native:managedidentity:FederatedIdentityCredential",
      "azure-native:monitor:DataCollectionRuleAssociation",
      "azure-native:monitor:DiagnosticSetting",
      "azure-native:network:PrivateDnsZoneGroup",
      "azure-native:network:Subnet",
      "azure-native:storage:BlobContainer",
      "azure-native:storage:BlobServiceProperties",
      "azure-native:storage:ManagementPolicy",
    ]),
  );
});

test("gives training the right to push and to write data, and services the right to pull", () => {
  const role = (name: string): unknown =>
    find(resources, "azure-native:authorization:RoleAssignment", name)["roleDefinitionId"];
  expect(role("platform-training-identity-registry")).toContain("8311e382-0749-4cb8-b61a-304f252e45ec");
  expect(role("platform-training-identity-data")).toContain("ba92f5b4-2d11-453d-a403-e96b0029c9fe");
  expect(role("staging-pushback-identity-registry")).toContain("7f951dda-4ed3-4680-a7ca-43fe172d538d");
  expect(list(resources)).not.toContain(
    "azure-native:authorization:RoleAssignment staging-pushback-identity-data",
  );
});

test("assigns roles by names that differ from one another and stay the same from run to run", async () => {
  const names = (from: readonly Recorded[]): unknown[] =>
    typed(from, "azure-native:authorization:RoleAssignment").map(
      ({ inputs }) => inputs["roleAssignmentName"],
    );
  expect(new Set(names(resources)).size).toBe(names(resources).length);
  expect(names(await whole())).toEqual(names(resources));
});

test("assigns no role on a resource group or a subscription", () => {
  const scopes = typed(resources, "azure-native:authorization:RoleAssignment").map(
    ({ inputs }) => inputs["scope"],
  );
  expect(scopes).not.toContain("group-group-id");
  expect(scopes.filter((scope) => String(scope).startsWith("/subscriptions"))).toEqual([]);
});

test("lets administrators reach registry, secrets and data, and no other account or vault", async () => {
  const more = cluster({ adminCidrs: ["203.0.113.0/24"], gpuPools: {} });
  const made = await record(() => {
    connected({ cluster: more, cloud: cloud({ secrets: ["slack-webhook"] }) });
  });
  const named = made.resources
    .filter(({ inputs }) => JSON.stringify(inputs).includes("203.0.113.0/24"))
    .map(({ name }) => name);
  expect(named).toEqual([
    "registry-registry",
    "cluster-cluster",
    "secrets-vault",
    "network-api-server-rules",
    "data-account",
  ]);
  const groups = typed(made.resources, "azure-native:authorization:RoleAssignment")
    .filter(({ inputs }) => inputs["principalType"] === "Group")
    .map(({ name }) => name);
  expect(groups).toEqual(["cluster", "data", "registry", "secrets"].map((of) => `${of}-admins-${ADMINS}`));
});

test("keeps copies of volumes in three zones, encrypted with the key of the foundation", () => {
  expect(find(resources, "kubernetes:storage.k8s.io/v1:StorageClass", "storage-class-class")).toMatchObject({
    provisioner: "disk.csi.azure.com",
    parameters: { skuName: "StandardSSD_ZRS", diskEncryptionSetID: "cluster-volumes-encryption-id" },
  });
});

test("uses no zones in a region without zones", async () => {
  const made = await record(() => {
    connected({
      cluster: cluster({ region: "westus", gpuPools: {} }),
      cloud: cloud({ database: {} }),
    });
  });
  const text = JSON.stringify(made.resources);
  for (const zonal of ["availabilityZones", "_ZRS", "ZoneRedundant", '"zones"'])
    expect(text).not.toContain(zonal);
});

test("cluster.logDays is the retention of the workspace and of the flow logs, 90 days by default", async () => {
  const retention = (resources: readonly Recorded[]): unknown[] => [
    find(resources, "azure-native:operationalinsights:Workspace", "group-logs")["retentionInDays"],
    find(resources, "azure-native:network:FlowLog", "flow-logs-flow-log")["retentionPolicy"],
  ];
  expect(retention(resources)).toEqual([90, { enabled: true, days: 90 }]);
  const made = await record(() => void connected({ cluster: cluster({ logDays: 180 }), cloud: cloud() }));
  expect(retention(made.resources)).toEqual([180, { enabled: true, days: 180 }]);
});

test("exports the names of the cluster and of the database, which only people use", async () => {
  const outputs = async (more: object) => {
    const { images, url: registryUrl } = request;
    const { result } = await record(() =>
      azureFoundation({ cluster: cluster(), cloud: cloud(more), images, registryUrl }),
    );
    return valueOf(pulumi.output({ name: result.clusterName, host: result.databaseHost }));
  };
  expect(await outputs({ database: {} })).toEqual({
    name: "cluster-cluster-auto",
    host: "database-server.postgres.database.azure.com",
  });
  expect(await outputs({})).toEqual({ name: "cluster-cluster-auto", host: null });
});

test("refuses a registry that is not Azure's", async () => {
  await expect(
    record(() => connected({ cluster: cluster(), cloud: cloud() }, "https://ghcr.io")),
  ).rejects.toThrow("registry: url must be https://<name>.azurecr.io");
});

test("creates the optional parts of the config: a database, a zone and a vault of secrets", async () => {
  const more = { database: {}, dns: { zone: "ml.example.com" }, secrets: ["slack-webhook"] };
  const made = await record(() => void connected({ cluster: cluster({ gpuPools: {} }), cloud: cloud(more) }));
  const types = made.resources.map(({ type }) => type);
  expect(types).toEqual(
    expect.arrayContaining([
      "slipway:database:AzurePostgresql",
      "slipway:dns:AzureDns",
      "slipway:secrets:AzureKeyVaultSecrets",
    ]),
  );
});
