import { expect, test } from "vitest";
import { AzureKeyVault } from "../../../components/azure/key-vault.ts";
import { AzureKeyUser } from "../../../components/azure/key-user.ts";
import { azureStage, place, workspaceId } from "./azure-stage.ts";
import { find, record } from "../record.ts";

test("allows only role-based access from inside the network, and no purge", async () => {
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

test("admits public networks of administrators", async () => {
  const { resources } = await record(() => {
    const { network } = azureStage();
    return new AzureKeyVault("vault", { ...place, network, workspaceId, adminCidrs: ["203.0.113.7/32"] });
  });
  expect(find(resources, "azure-native:keyvault:Vault", "vault-vault")["properties"]).toMatchObject({
    publicNetworkAccess: "Enabled",
    networkAcls: { defaultAction: "Deny", ipRules: [{ value: "203.0.113.7" }] },
  });
});

test("keeps keys in hardware only where asked for", async () => {
  const vault = async (hsm?: boolean): Promise<[unknown, unknown]> => {
    const { resources } = await record(() => {
      const { network } = azureStage();
      return new AzureKeyVault("vault", { ...place, network, workspaceId, keys: ["a"], hsm });
    });
    const sku = find(resources, "azure-native:keyvault:Vault", "vault-vault")["properties"];
    return [sku, find(resources, "azure-native:keyvault:Key", "vault-a-key")["properties"]];
  };
  expect(await vault()).toMatchObject([{ sku: { name: "standard" } }, { kty: "RSA", keySize: 3072 }]);
  expect(await vault(true)).toMatchObject([{ sku: { name: "premium" } }, { kty: "RSA-HSM", keySize: 3072 }]);
});

test("rotates keys once a year, and lets no version expire", async () => {
  const { resources } = await record(() => azureStage());
  const { properties } = find(resources, "azure-native:keyvault:Key", "keys-data-key");
  expect(properties).not.toHaveProperty("rotationPolicy.attributes");
  expect(properties).toMatchObject({
    rotationPolicy: {
      lifetimeActions: [{ action: { type: "rotate" }, trigger: { timeAfterCreate: "P1Y" } }],
    },
  });
});

test("lets a service only wrap and unwrap with one key", async () => {
  const { resources } = await record(() => new AzureKeyUser("user", { ...place, ...azureStage() }));
  const role = find(resources, "azure-native:authorization:RoleAssignment", "user-role");
  expect(role["scope"]).toBe("keys-data-key-id");
  expect(role["roleDefinitionId"]).toMatch(/e147488a-f6f5-4113-8e2d-b22465e65bf6$/);
});

test("refuses an unknown key, and days that Azure does not accept", async () => {
  const vault = (softDeleteDays: number): Promise<{ result: AzureKeyVault }> =>
    record(() => {
      const { network } = azureStage();
      return new AzureKeyVault("vault", { ...place, network, workspaceId, softDeleteDays });
    });
  const { result } = await vault(7);
  expect(() => result.key("x")).toThrow("key vault: keys must contain x");
  await expect(vault(91)).rejects.toThrow("vault: softDeleteDays must be between 7 and 90, got 91");
});
