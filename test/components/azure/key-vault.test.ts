import { expect, test } from "vitest";
import { AzureKeyVault } from "../../../components/azure/key-vault.ts";
import { AzureKeyUser } from "../../../components/azure/key-user.ts";
import { azureStage, place, workspaceId } from "./azure-stage.ts";
import { find, record } from "../record.ts";

test("opens a vault to roles alone, from inside the network, and lets nothing be purged", async () => {
  const { resources } = await record(() => azureStage());
  expect(find(resources, "azure-native:keyvault:Vault", "keys-vault")["properties"]).toMatchObject({
    tenantId: place.tenant,
    enableRbacAuthorization: true,
    enableSoftDelete: true,
    softDeleteRetentionInDays: 90,
    enablePurgeProtection: true,
    publicNetworkAccess: "Disabled",
    networkAcls: { defaultAction: "Deny", bypass: "AzureServices" },
  });
  expect(find(resources, "azure-native:network:PrivateEndpoint", "keys-private-endpoint")).toMatchObject({
    privateLinkServiceConnections: [{ groupIds: ["vault"], privateLinkServiceId: "keys-vault-id" }],
  });
});

test("turns keys in hardware over once a year, and lets no version expire while it is in use", async () => {
  const { resources } = await record(() => azureStage());
  const { properties } = find(resources, "azure-native:keyvault:Key", "keys-data-key");
  expect(properties).not.toHaveProperty("rotationPolicy.attributes");
  expect(properties).toMatchObject({
    kty: "RSA-HSM",
    rotationPolicy: {
      lifetimeActions: [{ action: { type: "rotate" }, trigger: { timeAfterCreate: "P1Y" } }],
    },
  });
});

test("lets a service wrap and unwrap with one key and do nothing else", async () => {
  const { resources } = await record(() => new AzureKeyUser("user", { ...place, ...azureStage() }));
  const role = find(resources, "azure-native:authorization:RoleAssignment", "user-role");
  expect(role["scope"]).toBe("keys-data-key-id");
  expect(role["roleDefinitionId"]).toMatch(/e147488a-f6f5-4113-8e2d-b22465e65bf6$/);
});

test("refuses a key that it does not have, and days that Azure does not take", async () => {
  const vault = (softDeleteDays: number): Promise<{ result: AzureKeyVault }> =>
    record(() => {
      const { network } = azureStage();
      return new AzureKeyVault("vault", { ...place, network, workspaceId, softDeleteDays });
    });
  const { result } = await vault(7);
  expect(() => result.key("x")).toThrow("key vault: keys must contain x");
  await expect(vault(91)).rejects.toThrow("vault: softDeleteDays must be between 7 and 90, got 91");
});
