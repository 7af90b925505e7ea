import { z } from "zod";
import { GKE_VERSIONS } from "../../../components/gcp/cluster/gke-versions.ts";
import { ask } from "../ask.ts";
import type { CloudCli } from "../cloud-cli.ts";
import type { Finding } from "../finding.ts";
import { plannedOf, type PlannedResource } from "../planned-resource.ts";
import { supportFinding } from "../support-finding.ts";
import { notAnswered } from "./not-answered.ts";

/** Says whether GKE offers the planned version in the region, and how long it supports it. */
export async function gcpVersions(
  cli: CloudCli,
  { project, region, today }: { project: string; region: string; today: Date },
  planned: readonly PlannedResource[],
): Promise<Finding[]> {
  const schema = z.looseObject({ minMasterVersion: z.string() });
  const [cluster] = plannedOf(planned, "gcp:container/cluster:Cluster", schema);
  if (cluster === undefined) return [];
  const version = cluster.inputs.minMasterVersion;
  const answer = await ask(
    cli,
    ["container", "get-server-config", "--region", region, "--project", project],
    z.looseObject({ validMasterVersions: z.array(z.string()) }),
  );
  if (answer.value === undefined)
    return [
      notAnswered(
        { subject: `Kubernetes ${version}`, reason: answer.reason, needed: "offered in the region" },
        { api: "container", project },
      ),
    ];
  const supported = Object.fromEntries(
    Object.entries(GKE_VERSIONS).map(([minor, { standardSupportEnds }]) => [minor, standardSupportEnds]),
  );
  return [supportFinding({ version, supported, offered: answer.value.validMasterVersions, today })];
}
