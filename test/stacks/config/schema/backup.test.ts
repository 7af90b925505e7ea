import { describe, expect, it } from "vitest";
import { backupSchema, fitBackup } from "../../../../stacks/config/schema/backup.ts";
import { clusterSchema } from "../../../../stacks/config/schema/cluster.ts";

const guid = "6f1d3c5e-8a3b-4a52-9d0e-2f6b7c8d9e0f";
const CLUSTERS: Record<string, object> = {
  eks: { kind: "eks", account: "417366251839", region: "eu-central-1" },
  gke: { kind: "gke", project: "slipway-prod", region: "europe-west4" },
  aks: { kind: "aks", subscription: guid, tenant: guid, adminGroups: [guid], region: "germanywestcentral" },
};
const faults = (kind: string, backup: object): string[] => {
  const found: string[] = [];
  const cluster = clusterSchema.parse(CLUSTERS[kind]);
  fitBackup(cluster, backupSchema.parse(backup), (path, message) =>
    found.push(`${path.join(".")}: ${message}`),
  );
  return found;
};

describe("cloud.backup", () => {
  it("begins at 2 in the night and keeps backups for 30 days, without copies", () => {
    expect(backupSchema.parse({})).toEqual({ hourUtc: 2, retentionDays: 30, copyRegistry: false });
  });

  it.each([
    ["eks", {}],
    ["eks", { copyRegion: "eu-west-1", copyRegistry: true }],
    ["gke", { retentionDays: 360 }],
  ])("takes on %s %o", (kind, backup) => {
    expect(faults(kind, backup)).toEqual([]);
  });

  it.each([
    [
      "eks",
      { copyRegion: "eu-central-1" },
      "copyRegion: must be another region than cluster.region, got eu-central-1",
    ],
    ["eks", { copyRegistry: true }, "copyRegistry: must go with copyRegion, which gets the copies"],
    ["gke", { copyRegion: "europe-west1" }, "copyRegion: must be left out on Google Cloud"],
    ["gke", { copyRegistry: true }, "copyRegistry: must be false on Google Cloud"],
  ])("refuses on %s %o", (kind, backup, fault) => {
    expect(faults(kind, backup)).toEqual([expect.stringContaining(`cloud.backup.${fault}`) as unknown]);
  });

  it("refuses backups on Azure, and says where the way by hand is", () => {
    expect(faults("aks", {})).toEqual([
      "cloud.backup: must be left out on Azure: docs/backup.md says how to set Azure Backup up by hand",
    ]);
  });

  it.each([{ hourUtc: 24 }, { retentionDays: 0 }, { retentionDays: 361 }, { copyRegion: "Ireland" }])(
    "refuses %o",
    (backup) => {
      expect(backupSchema.safeParse(backup).success).toBe(false);
    },
  );
});
