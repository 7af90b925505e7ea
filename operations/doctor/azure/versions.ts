import { z } from "zod";
import { ask, unknown } from "../ask.ts";
import type { CloudCli } from "../cloud-cli.ts";
import type { Finding } from "../finding.ts";
import { plannedOf, type PlannedResource } from "../planned-resource.ts";

const versionsSchema = z.looseObject({
  values: z.array(z.looseObject({ version: z.string(), isPreview: z.boolean().nullish() })),
});

/** Says whether AKS offers the planned version in the location, other than as a preview. */
export async function azureVersions(
  cli: CloudCli,
  location: string,
  planned: readonly PlannedResource[],
): Promise<Finding[]> {
  const schema = z.looseObject({ kubernetesVersion: z.string() });
  const [cluster] = plannedOf(planned, "azure-native:containerservice:ManagedCluster", schema);
  if (cluster === undefined) return [];
  const version = cluster.inputs.kubernetesVersion;
  const subject = `Kubernetes ${version}`;
  const needed = `offered in ${location}`;
  const asked = await ask(cli, ["aks", "get-versions", "--location", location], versionsSchema);
  if (asked.value === undefined) return [unknown(subject, asked.reason, needed)];
  const offered = asked.value.values
    .filter(({ isPreview }) => isPreview !== true)
    .map((each) => each.version);
  if (offered.some((each) => version === each || version.startsWith(`${each}.`)))
    return [{ subject, state: "ok", found: "offered", needed }];
  return [
    {
      subject,
      state: "wrong",
      found: `offered: ${offered.join(", ")}`,
      needed,
      fix: `cluster.version: "${offered[0] ?? ""}"`,
    },
  ];
}
