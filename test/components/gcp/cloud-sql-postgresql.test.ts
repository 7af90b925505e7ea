import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import {
  CloudSqlPostgresql,
  type CloudSqlPostgresqlArgs,
} from "../../../components/gcp/cloud-sql-postgresql.ts";
import { GcpKey } from "../../../components/gcp/key.ts";
import { GcpNetwork } from "../../../components/gcp/network.ts";
import { find, list, named, record } from "../record.ts";

const common = { project: "acme-ml", region: "europe-west4" };
const build = (args: Partial<CloudSqlPostgresqlArgs> = {}, managedServices = true) =>
  record(() => {
    const network = new GcpNetwork("network", { ...common, managedServices });
    const key = new GcpKey("key", { ...common, users: {} });
    return new CloudSqlPostgresql("database", { ...common, network, key, ...args });
  });

test("an instance has one database and one user, whose password is secret", async () => {
  const { resources, result } = await build();
  expect(list(named(resources, "database"))).toEqual([
    "gcp:sql/database:Database database-database",
    "gcp:sql/databaseInstance:DatabaseInstance database-instance",
    "gcp:sql/user:User database-user",
    "random:index/randomPassword:RandomPassword database-password",
    "slipway:database:CloudSqlPostgresql database",
  ]);
  expect(find(resources, "gcp:sql/user:User", "database-user")).toMatchObject({
    name: "platform",
    password: { secret: "generated" },
  });
  expect(await pulumi.isSecret(result.password)).toBe(true);
});

test("it is private, requires TLS, is encrypted with the given key, and has point-in-time recovery for a week", async () => {
  const { resources } = await build();
  expect(find(resources, "gcp:sql/databaseInstance:DatabaseInstance", "database-instance")).toMatchObject({
    encryptionKeyName: "key-key-id",
    deletionProtection: true,
    settings: {
      tier: "db-custom-2-8192",
      availabilityType: "ZONAL",
      diskSize: 50,
      diskAutoresize: true,
      deletionProtectionEnabled: true,
      ipConfiguration: { ipv4Enabled: false, privateNetwork: "network-vpc-id", sslMode: "ENCRYPTED_ONLY" },
      backupConfiguration: {
        enabled: true,
        pointInTimeRecoveryEnabled: true,
        transactionLogRetentionDays: 7,
        backupRetentionSettings: { retainedBackups: 14, retentionUnit: "COUNT" },
      },
    },
  });
});

test("high availability adds a standby", async () => {
  const { resources } = await build({ highAvailability: true, protect: false });
  expect(find(resources, "gcp:sql/databaseInstance:DatabaseInstance", "database-instance")).toMatchObject({
    deletionProtection: false,
    settings: { availabilityType: "REGIONAL", deletionProtectionEnabled: false },
  });
});

test.each<[Partial<CloudSqlPostgresqlArgs>, string]>([
  [{ storageGib: 10 }, "database: storageGib must be at least 20, got 10"],
  [{ backups: 0 }, "database: backups must be between 1 and 365, got 0"],
])("refuses %j", async (args, message) => {
  await expect(build(args)).rejects.toThrow(message);
});

test("refuses a network that is not peered with managed services", async () => {
  await expect(build({}, false)).rejects.toThrow("database: network must be peered with managed services");
});
