import { z } from "zod";
import { ask, unknown } from "../ask.ts";
import type { CloudCli } from "../cloud-cli.ts";
import type { Finding } from "../finding.ts";
import { plannedOf, type PlannedResource } from "../planned-resource.ts";
import { supportFinding } from "../support-finding.ts";

const versionsSchema = z.looseObject({
  clusterVersions: z.array(
    z.looseObject({
      clusterVersion: z.string(),
      endOfStandardSupportDate: z.union([z.string(), z.number()]).optional(),
    }),
  ),
});

/** Says how long EKS supports the planned version of Kubernetes. */
export async function awsVersions(
  cli: CloudCli,
  region: string,
  planned: readonly PlannedResource[],
  today: Date,
): Promise<Finding[]> {
  const [cluster] = plannedOf(planned, "aws:eks/cluster:Cluster", z.looseObject({ version: z.string() }));
  if (cluster === undefined) return [];
  const { version } = cluster.inputs;
  const subject = `Kubernetes ${version}`;
  const asked = await ask(cli, ["eks", "describe-cluster-versions", "--region", region], versionsSchema);
  if (asked.value === undefined) return [unknown(subject, asked.reason, "in standard support")];
  const known = asked.value.clusterVersions;
  const ends = known.find(({ clusterVersion }) => clusterVersion === version)?.endOfStandardSupportDate;
  return [
    supportFinding({
      version,
      ends: ends === undefined ? undefined : new Date(typeof ends === "number" ? ends * 1000 : ends),
      others: known.map(({ clusterVersion }) => clusterVersion),
      today,
    }),
  ];
}
