import { expect, test } from "vitest";
import { AzureKeyVault } from "../../../components/azure/key-vault.ts";
import { AzureMlWorkspace } from "../../../components/azure/ml-workspace.ts";
import { AzureNetwork } from "../../../components/azure/network.ts";
import { place, workspaceId } from "./azure-stage.ts";
import { find, record } from "../record.ts";
import { registryId } from "./azure-place.ts";

const { resources, result } = await record(async () => {
  const network = new AzureNetwork("network", { ...place, services: ["blob", "ml", "vault"] });
  const keys = new AzureKeyVault("keys", { ...place, network, workspaceId, keys: ["data"] });
  const key = keys.key("data");
  const workspace = new AzureMlWorkspace("ml", { ...place, network, key, workspaceId, registryId });
  return new Promise<string>((resolve) => workspace.workspaceName.apply(resolve));
});

test("the workspace is reachable only from the network, and reaches only its own resources and the registry", () => {
  expect(find(resources, "azure-native:machinelearningservices:Workspace", "ml-workspace")).toMatchObject({
    workspaceName: expect.stringMatching(/^acme-ml-/) as string, // a deleted one keeps its name
    publicNetworkAccess: "Disabled",
    managedNetwork: { isolationMode: "AllowOnlyApprovedOutbound" },
    systemDatastoresAuthMode: "identity",
    containerRegistry: registryId,
    storageAccount: "ml-storage-account-id",
    keyVault: "ml-vault-vault-id",
    identity: { type: "SystemAssigned" },
    tags: place.tags,
  });
  expect(find(resources, "azure-native:network:PrivateEndpoint", "ml-private-endpoint")).toMatchObject({
    privateLinkServiceConnections: [{ groupIds: ["amlworkspace"], privateLinkServiceId: "ml-workspace-id" }],
  });
  expect(result).toMatch(/^acme-ml-/);
});

test.each([
  ["storage", "ml-storage-account-id"],
  ["vault", "ml-vault-vault-id"],
  ["registry", registryId],
])("the workspace may approve private endpoints of its network to its %s", (name, scope) => {
  const role = find(resources, "azure-native:authorization:RoleAssignment", `ml-approver-${name}`);
  expect(role).toMatchObject({ principalId: "ml-workspace-principal", scope });
  expect(role["roleDefinitionId"]).toMatch(/b556d68e-0be0-4f35-a333-ad7ee1ce17ea$/);
});

test("its storage has no access keys, and its logs are kept", () => {
  expect(find(resources, "azure-native:storage:StorageAccount", "ml-storage-account")).toMatchObject({
    allowSharedKeyAccess: false,
    publicNetworkAccess: "Disabled",
  });
  expect(find(resources, "azure-native:monitor:DiagnosticSetting", "ml-log")).toMatchObject({
    resourceUri: "ml-workspace-id",
    workspaceId,
  });
});
