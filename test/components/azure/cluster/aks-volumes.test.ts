import { expect, test } from "vitest";
import { dependenciesOf, find, valueOf } from "../../record.ts";
import { buildAks } from "./build-aks.ts";

test("encrypts volumes with the given key", async () => {
  const { resources, result: aks } = await buildAks();
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
