import type { CloudCli } from "../cloud-cli.ts";
import type { Check } from "../finding.ts";
import type { PlannedResource } from "../planned-resource.ts";
import { awsAddOns } from "./add-ons.ts";
import type { ProvisionedDemand } from "../provisioned-demand.ts";
import { awsIdentity } from "./identity.ts";
import { awsMachines } from "./machines.ts";
import { awsNames } from "./names.ts";
import { awsNodeDemand, awsZones } from "./node-demand.ts";
import { awsQuotas } from "./quotas.ts";
import { awsReplication } from "./replication.ts";
import { awsVersions } from "./versions.ts";

export interface CheckAwsOptions {
  account: string;
  region: string;
  planned: readonly PlannedResource[];
  /** Nodes that the cluster creates by itself. @default none */
  provisioned?: readonly ProvisionedDemand[];
  /** Whether the stack was deployed before. */
  exists: boolean;
  today: Date;
}

/** What a stack on AWS needs of its account. */
export function checkAws(cli: CloudCli, options: CheckAwsOptions): Check[] {
  const { account, region, planned, provisioned = [], exists, today } = options;
  const demands = awsNodeDemand(planned);
  return [
    { title: "Identity and rights", run: () => awsIdentity(cli, account) },
    { title: "Quotas", run: () => awsQuotas(cli, region, { demands, provisioned, planned }) },
    { title: "Machines", run: () => awsMachines(cli, region, demands, awsZones(planned)) },
    { title: "Names", run: () => awsNames(cli, region, planned, exists) },
    { title: "Account settings", run: () => awsReplication(cli, region, planned) },
    { title: "Versions", run: () => awsVersions(cli, region, planned, today) },
    { title: "Add-ons", run: () => awsAddOns(cli, region, planned) },
  ];
}
