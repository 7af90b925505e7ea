import { z } from "zod";
import { ask, unknown } from "../ask.ts";
import type { CloudCli } from "../cloud-cli.ts";
import type { Finding } from "../finding.ts";
import { plannedOf, type PlannedResource } from "../planned-resource.ts";

/** Says whether GKE offers the planned version in the region. Its tables of ends are checked by the config. */
export async function gcpVersions(
  cli: CloudCli,
  { project, region }: { project: string; region: string },
  planned: readonly PlannedResource[],
): Promise<Finding[]> {
  const schema = z.looseObject({ minMasterVersion: z.string() });
  const [cluster] = plannedOf(planned, "gcp:container/cluster:Cluster", schema);
  if (cluster === undefined) return [];
  const version = cluster.inputs.minMasterVersion;
  const subject = `Kubernetes ${version}`;
  const needed = "offered in the region";
  const asked = await ask(
    cli,
    ["container", "get-server-config", "--region", region, "--project", project],
    z.looseObject({ validMasterVersions: z.array(z.string()) }),
  );
  if (asked.value === undefined) return [unknown(subject, asked.reason, needed)];
  const valid = asked.value.validMasterVersions;
  const minors = [...new Set(valid.map((each) => each.split(".").slice(0, 2).join(".")))];
  if (valid.some((each) => each === version || each.startsWith(`${version}.`)))
    return [{ subject, state: "ok", found: "offered", needed }];
  return [
    {
      subject,
      state: "wrong",
      found: `offered: ${minors.join(", ")}`,
      needed,
      fix: `cluster.version: "${minors[0] ?? ""}"`,
    },
  ];
}
