import { z } from "zod";
import type { ClusterConfig } from "./cluster.ts";
import type { Refuse } from "./refuse.ts";
import { count } from "./scalars.ts";

/** Daily backups by the cloud, of the volumes of the cluster and of the foundation's other data. */
export const backupSchema = z.strictObject({
  /** Hour of the day at which backups begin, in UTC. */
  hourUtc: z.int().min(0).max(23).default(2),
  /** Days that a backup is kept. */
  retentionDays: count(1).max(360).default(30),
  /** AWS only: another region, which gets a copy of each backup. Default: none. */
  copyRegion: z
    .string()
    .regex(/^[a-z]+(-[a-z]+)+-?\d$/, "must be a region such as eu-west-1")
    .optional(),
  /** AWS only: copies every image and artifact to `copyRegion`. The setting belongs to the whole account and region. */
  copyRegistry: z.boolean().default(false),
});
export type BackupConfig = z.infer<typeof backupSchema>;

/** Refuses backups that the cloud of the cluster cannot make. */
export function fitBackup(cluster: ClusterConfig, backup: BackupConfig, refuse: Refuse): void {
  const path = ["cloud", "backup"];
  const { copyRegion, copyRegistry } = backup;
  if (cluster.kind === "aks")
    refuse(path, "must be left out on Azure: docs/backup.md says how to set Azure Backup up by hand");
  if (cluster.kind === "gke" && copyRegion !== undefined)
    refuse(
      [...path, "copyRegion"],
      "must be left out on Google Cloud: volumes and their backups are encrypted with a key of the region",
    );
  if (cluster.kind === "eks" && copyRegion === cluster.region)
    refuse([...path, "copyRegion"], `must be another region than cluster.region, got ${copyRegion}`);
  if (copyRegistry && cluster.kind === "gke")
    refuse(
      [...path, "copyRegistry"],
      "must be false on Google Cloud: Artifact Registry copies nothing to another region",
      "leave it out, and run npm run backup",
    );
  else if (copyRegistry && copyRegion === undefined)
    refuse([...path, "copyRegistry"], "must go with copyRegion, which gets the copies");
}
