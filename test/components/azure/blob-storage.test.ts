import { beforeAll, expect, test } from "vitest";
import { BlobStorage, type BlobStorageArgs } from "../../../components/azure/blob-storage.ts";
import { azureStage, place, workspaceId } from "./azure-stage.ts";
import { find, list, record, type Recorded } from "../record.ts";

const ACCOUNT = "azure-native:storage:StorageAccount";

async function made(
  more: Partial<BlobStorageArgs> = {},
): Promise<{ resources: Recorded[]; result: BlobStorage }> {
  return record(
    () =>
      new BlobStorage("data", {
        ...place,
        ...azureStage(),
        workspaceId,
        purpose: "data",
        containers: ["artifacts"],
        ...more,
      }),
  );
}

let resources: Recorded[];
let storage: BlobStorage;
beforeAll(async () => {
  ({ resources, result: storage } = await made());
});

test("has no account keys, no public access and no plain HTTP, and is reachable only through its private endpoint", () => {
  expect(find(resources, ACCOUNT, "data-account")).toMatchObject({
    kind: "StorageV2",
    enableHttpsTrafficOnly: true,
    minimumTlsVersion: "TLS1_2",
    allowBlobPublicAccess: false,
    allowSharedKeyAccess: false,
    isLocalUserEnabled: false,
    publicNetworkAccess: "Disabled",
    networkRuleSet: { defaultAction: "Deny", bypass: "None" },
  });
  expect(list(resources)).toContain("azure-native:network:PrivateEndpoint data-private-endpoint");
});

test("encrypts with the given key, always in its newest version", () => {
  const { encryption } = find(resources, ACCOUNT, "data-account");
  expect(encryption).toMatchObject({
    keySource: "Microsoft.Keyvault",
    requireInfrastructureEncryption: true,
  });
  expect(encryption).not.toHaveProperty("keyVaultProperties.keyVersion");
});

test("keeps old versions and deleted blobs for 30 days", () => {
  expect(find(resources, "azure-native:storage:BlobServiceProperties", "data-blobs")).toMatchObject({
    isVersioningEnabled: true,
    deleteRetentionPolicy: { enabled: true, days: 30 },
    containerDeleteRetentionPolicy: { enabled: true, days: 30 },
  });
});

test("does not let Azure services in by default", async () => {
  const open = await made({ azureServices: true });
  expect(find(open.resources, ACCOUNT, "data-account")).toMatchObject({
    publicNetworkAccess: "Enabled",
    networkRuleSet: { defaultAction: "Deny", bypass: "AzureServices" },
  });
});

test("admits administrators: their groups by a role, their public networks by rules", async () => {
  const open = await made({ adminCidrs: ["203.0.113.6/31", "10.9.0.0/16"], adminGroups: ["g1"] });
  expect(find(open.resources, ACCOUNT, "data-account")).toMatchObject({
    publicNetworkAccess: "Enabled",
    networkRuleSet: {
      defaultAction: "Deny",
      bypass: "None",
      ipRules: [
        { action: "Allow", iPAddressOrRange: "203.0.113.6" },
        { action: "Allow", iPAddressOrRange: "203.0.113.7" },
      ],
    },
  });
  const role = find(open.resources, "azure-native:authorization:RoleAssignment", "data-admins-g1");
  expect(role).toMatchObject({ principalId: "g1", principalType: "Group", scope: "data-account-id" });
  expect(role["roleDefinitionId"]).toMatch(/ba92f5b4-2d11-453d-a403-e96b0029c9fe$/);
});

test("refuses a purpose that is too long for the account's name, and an unknown container", async () => {
  await expect(made({ purpose: "too-long" })).rejects.toThrow("data: purpose must be 1 to 6");
  await expect(made({ keepDeletedDays: 366 })).rejects.toThrow(
    "data: keepDeletedDays must be between 1 and 365",
  );
  expect(() => storage.containerId("models")).toThrow("blob storage: containers must contain models");
});
