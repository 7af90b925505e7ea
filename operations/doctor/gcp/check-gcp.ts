import type { CloudCli } from "../cloud-cli.ts";
import type { Check } from "../finding.ts";
import type { PlannedResource } from "../planned-resource.ts";
import type { ProvisionedDemand } from "../provisioned-demand.ts";
import { gcpMachines } from "./machines.ts";
import { gcpNames } from "./names.ts";
import { gcpNodeDemand } from "./node-demand.ts";
import { gcpProject } from "./project.ts";
import { gcpQuotas } from "./quotas.ts";
import { gcpVersions } from "./versions.ts";

export interface CheckGcpOptions {
  project: string;
  region: string;
  planned: readonly PlannedResource[];
  /** Nodes that the cluster creates by itself. @default none */
  provisioned?: readonly ProvisionedDemand[];
  today: Date;
}

/** What a stack on Google Cloud needs of its project. */
export function checkGcp(cli: CloudCli, options: CheckGcpOptions): Check[] {
  const { project, planned } = options;
  const demands = gcpNodeDemand(planned);
  return [
    { title: "Project, APIs and rights", required: 2, run: () => gcpProject(cli, project, planned) },
    { title: "Quotas", run: () => gcpQuotas(cli, options, demands) },
    { title: "Machines", run: () => gcpMachines(cli, options, demands) },
    { title: "Names", run: () => gcpNames(cli, options) },
    { title: "Versions", run: () => gcpVersions(cli, options, planned) },
  ];
}
