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
  const answer = await ask(cli, ["eks", "describe-cluster-versions", "--region", region], versionsSchema);
  if (answer.value === undefined) return [unknown(subject, answer.reason, "in standard support")];
  const known = answer.value.clusterVersions;
  const supported = Object.fromEntries(
    known.flatMap(({ clusterVersion, endOfStandardSupportDate: ends }) =>
      ends === undefined ? [] : [[clusterVersion, dayOf(ends)]],
    ),
  );
  return [
    supportFinding({
      version,
      supported,
      offered: known.map(({ clusterVersion }) => clusterVersion),
      today,
    }),
  ];
}

/** The CLI writes times as text, or in seconds with `cli_timestamp_format = none`. */
function dayOf(time: string | number): string {
  const date = new Date(typeof time === "number" ? time * 1000 : time);
  return Number.isNaN(date.getTime()) ? String(time) : date.toISOString().slice(0, 10);
}
