import { expect, test } from "vitest";
import { GkeBackup, type GkeBackupArgs } from "../../../../components/gcp/cluster/gke-backup.ts";
import { GcpKey } from "../../../../components/gcp/key.ts";
import { find, list, named, record } from "../../record.ts";

const build = (args: Partial<GkeBackupArgs> = {}) =>
  record(() => {
    const common = { project: "acme-ml", region: "europe-west4" };
    const key = new GcpKey("key", { ...common, users: {} });
    return new GkeBackup("backup", { ...common, clusterId: "cluster-id", key, ...args });
  });

test("volumes and objects are backed up at 2 in the night without Secrets, encrypted, and kept for 30 days", async () => {
  const { resources } = await build();
  expect(list(named(resources, "backup"))).toEqual([
    "gcp:gkebackup/backupPlan:BackupPlan backup-plan",
    "slipway:backup:GkeBackup backup",
  ]);
  expect(find(resources, "gcp:gkebackup/backupPlan:BackupPlan", "backup-plan")).toEqual({
    project: "acme-ml",
    location: "europe-west4",
    cluster: "cluster-id",
    backupConfig: {
      allNamespaces: true,
      includeVolumeData: true,
      includeSecrets: false,
      encryptionKey: { gcpKmsEncryptionKey: "key-key-id" },
    },
    backupSchedule: { cronSchedule: "0 2 * * *" },
    retentionPolicy: { backupRetainDays: 30 },
  });
});

test.each([
  [{ hourUtc: -1 }, "backup: hourUtc must be between 0 and 23, got -1"],
  [{ retentionDays: 361 }, "backup: retentionDays must be between 1 and 360, got 361"],
])("refuses %o", async (args, message) => {
  await expect(build(args)).rejects.toThrow(message);
});
