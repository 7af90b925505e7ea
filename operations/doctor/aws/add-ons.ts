import { z } from "zod";
import { ask, unknown } from "../ask.ts";
import type { CloudCli } from "../cloud-cli.ts";
import type { Finding } from "../finding.ts";
import { plannedOf, type PlannedResource } from "../planned-resource.ts";

const offeredSchema = z.array(z.looseObject({ addonName: z.string(), versions: z.array(z.string()) }));
const addOnSchema = z.looseObject({ addonName: z.string(), addonVersion: z.string() });

/** Owners of the add-ons that a stack can have: metrics-server is one of the community. */
const OWNERS = ["aws", "community"];

/** Says whether EKS offers the planned versions of add-ons for the planned version of Kubernetes. */
export async function awsAddOns(
  cli: CloudCli,
  region: string,
  planned: readonly PlannedResource[],
): Promise<Finding[]> {
  const [cluster] = plannedOf(planned, "aws:eks/cluster:Cluster", z.looseObject({ version: z.string() }));
  const addOns = plannedOf(planned, "aws:eks/addon:Addon", addOnSchema);
  if (cluster === undefined || addOns.length === 0) return [];
  const { version } = cluster.inputs;
  const needed = `offered for Kubernetes ${version}`;
  const answer = await ask(
    cli,
    [
      ...["eks", "describe-addon-versions", "--region", region, "--kubernetes-version", version],
      ...["--owners", ...OWNERS],
      // The whole answer has megabytes.
      ...["--query", "addons[].{addonName: addonName, versions: addonVersions[].addonVersion}"],
    ],
    offeredSchema,
  );
  if (answer.value === undefined) return [unknown("versions of add-ons", answer.reason, needed)];
  const offered = new Map(answer.value.map(({ addonName, versions }) => [addonName, versions]));
  return addOns.map(({ inputs: { addonName, addonVersion } }) => {
    const subject = `add-on ${addonName}`;
    const versions = offered.get(addonName) ?? [];
    if (versions.includes(addonVersion)) return { subject, state: "ok", found: addonVersion, needed };
    const [newest] = versions; // AWS lists the newest first
    return {
      subject,
      state: "wrong",
      found: `${addonVersion} is not offered`,
      needed,
      fix:
        newest === undefined
          ? `cluster.addOnVersions.${addonName}: a version that EKS offers`
          : `cluster.addOnVersions: { ${addonName}: "${newest}" }`,
    };
  });
}
