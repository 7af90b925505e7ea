import { expect, test } from "vitest";
import { AzurePostgresql, type AzurePostgresqlArgs } from "../../../components/azure/postgresql.ts";
import { azureStage, place, workspaceId } from "./azure-stage.ts";
import { find, list, record, type Recorded } from "../record.ts";

const SERVER = "azure-native:dbforpostgresql:Server";

async function made(more: Partial<AzurePostgresqlArgs> = {}): Promise<Recorded[]> {
  const adminGroups = ["group-a", "group-b"];
  const { resources } = await record(
    () => new AzurePostgresql("database", { ...place, ...azureStage(), workspaceId, adminGroups, ...more }),
  );
  return resources;
}

test("accepts only Entra identities, and only from the network", async () => {
  const resources = await made();
  expect(find(resources, SERVER, "database-server")).toMatchObject({
    version: "17",
    sku: { name: "Standard_D2ds_v5", tier: "GeneralPurpose" },
    authConfig: { activeDirectoryAuth: "Enabled", passwordAuth: "Disabled", tenantId: place.tenant },
    network: {
      delegatedSubnetResourceId: "network-database-subnet-id",
      privateDnsZoneArmResourceId: "database-zone-id",
      publicNetworkAccess: "Disabled",
    },
    highAvailability: { mode: "ZoneRedundant" },
    backup: { backupRetentionDays: 35, geoRedundantBackup: "Disabled" },
    dataEncryption: { type: "AzureKeyVault" },
  });
  expect(find(resources, SERVER, "database-server")).not.toHaveProperty("administratorLoginPassword");
  expect(list(resources).filter((one) => one.includes("AdministratorsMicrosoftEntra"))).toHaveLength(2);
});

test("keeps the standby in the same zone in a region without zones", async () => {
  expect(find(await made({ zoneRedundant: false }), SERVER, "database-server")).toMatchObject({
    highAvailability: { mode: "SameZone" },
  });
});

test.each([
  [{ machine: "Standard_E4ds_v5" }, "MemoryOptimized"],
  [{ machine: "Standard_B2ms", highAvailability: false }, "Burstable"],
])("finds the tier of %o", async (more, tier) => {
  expect(find(await made(more), SERVER, "database-server")).toMatchObject({ sku: { tier } });
});

test.each<[Partial<AzurePostgresqlArgs>, string]>([
  [{ storageGib: 100 }, "database: storageGib must be a power of two, such as 64 or 128, got 100"],
  [{ storageGib: 16 }, "database: storageGib must be between 32 and 32768, got 16"],
  [{ backupDays: 3 }, "database: backupDays must be between 7 and 35, got 3"],
  [{ adminGroups: [] }, "database: adminGroups must contain one Entra group or more, got none"],
  [{ machine: "db.t4g.medium" }, "database: machine must be a Standard_B, Standard_D or Standard_E machine"],
  [{ machine: "Standard_B2ms" }, "database: highAvailability must be false on Standard_B2ms"],
])("refuses %o", async (more, message) => {
  await expect(made(more)).rejects.toThrow(message);
});
