import { expect, test } from "vitest";
import { AzureKeyVaultCertificates } from "../../../components/azure/key-vault-certificates.ts";
import { roleDefinitionId } from "../../../components/azure/roles.ts";
import { find, list, record, valueOf } from "../record.ts";
import { azureStage, place, workspaceId } from "./azure-stage.ts";

const ADMINS = "a3b1d7a0-9e1f-4a55-a7c6-0b8f0c2d1e33";

const { resources, result } = await record(() => {
  const { network } = azureStage();
  return new AzureKeyVaultCertificates("certificates", {
    ...place,
    network,
    workspaceId,
    adminGroups: [ADMINS],
    adminCidrs: ["203.0.113.0/24"],
  });
});

test("is an empty vault, in which administrators may import certificates", async () => {
  expect(list(resources).filter((line) => line.includes(" certificates-"))).toEqual([
    "azure-native:authorization:RoleAssignment certificates-admins-a3b1d7a0-9e1f-4a55-a7c6-0b8f0c2d1e33",
    "azure-native:keyvault:Vault certificates-vault",
    "azure-native:monitor:DiagnosticSetting certificates-audit",
    "azure-native:network:PrivateDnsZoneGroup certificates-private-names",
    "azure-native:network:PrivateEndpoint certificates-private-endpoint",
    "random:index/randomString:RandomString certificates-suffix",
    "slipway:network:AzurePrivateEndpoint certificates-private",
  ]);
  expect(
    find(resources, "azure-native:authorization:RoleAssignment", `certificates-admins-${ADMINS}`),
  ).toMatchObject({
    principalId: ADMINS,
    principalType: "Group",
    scope: "certificates-vault-id",
    roleDefinitionId: roleDefinitionId(place.subscription, "Key Vault Certificates Officer"),
  });
  expect(await valueOf(result.vaultId)).toBe("certificates-vault-id");
  expect(await valueOf(result.vaultUrl)).toMatch(/^https:\/\/.+\.vault\.azure\.net\/$/);
});

test("admits the networks of administrators", () => {
  expect(find(resources, "azure-native:keyvault:Vault", "certificates-vault")["properties"]).toMatchObject({
    publicNetworkAccess: "Enabled",
    networkAcls: { defaultAction: "Deny", ipRules: [{ value: "203.0.113.0/24" }] },
  });
});
