import { z } from "zod";
import { AKS_VERSIONS } from "../../../components/azure/cluster/aks-versions.ts";
import { ask, unknown } from "../ask.ts";
import type { CloudCli } from "../cloud-cli.ts";
import type { Finding } from "../finding.ts";
import { plannedOf, type PlannedResource } from "../planned-resource.ts";
import { supportFinding } from "../support-finding.ts";

const versionsSchema = z.looseObject({
  values: z.array(z.looseObject({ version: z.string(), isPreview: z.boolean().nullish() })),
});

/** Says whether AKS offers the planned version in the location, other than as a preview, and how long it supports it. */
export async function azureVersions(
  cli: CloudCli,
  { location, today }: { location: string; today: Date },
  planned: readonly PlannedResource[],
): Promise<Finding[]> {
  const schema = z.looseObject({ kubernetesVersion: z.string() });
  const [cluster] = plannedOf(planned, "azure-native:containerservice:ManagedCluster", schema);
  if (cluster === undefined) return [];
  const version = cluster.inputs.kubernetesVersion;
  const answer = await ask(cli, ["aks", "get-versions", "--location", location], versionsSchema);
  if (answer.value === undefined)
    return [unknown(`Kubernetes ${version}`, answer.reason, `offered in ${location}`)];
  const offered = answer.value.values
    .filter(({ isPreview }) => isPreview !== true)
    .map((each) => each.version);
  return [supportFinding({ version, supported: AKS_VERSIONS, offered, today })];
}
