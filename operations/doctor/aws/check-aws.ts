import type { CloudCli } from "../cloud-cli.ts";
import type { Check } from "../finding.ts";
import type { PlannedResource } from "../planned-resource.ts";
import type { ProvisionedDemand } from "../provisioned-demand.ts";
import { awsAddOns } from "./add-ons.ts";
import { awsCapacityBlocks } from "./capacity-blocks.ts";
import { awsIdentity } from "./identity.ts";
import { lambdaConcurrency } from "./lambda.ts";
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
  today: Date;
}

/** What a stack on AWS needs of its account. */
export function checkAws(cli: CloudCli, options: CheckAwsOptions): Check[] {
  const { account, region, planned, provisioned = [], today } = options;
  const demands = awsNodeDemand(planned);
  return [
    { title: "Identity and rights", run: () => awsIdentity(cli, account) },
    {
      title: "Quotas",
      run: async () => [
        ...(await awsQuotas(cli, region, { demands, provisioned, planned })),
        ...(await lambdaConcurrency(cli, region, planned)),
      ],
    },
    {
      title: "Machines",
      run: async () => [
        ...(await awsMachines(cli, region, demands, awsZones(planned))),
        ...(await awsCapacityBlocks(cli, region, demands)),
      ],
    },
    { title: "Names", run: () => awsNames(cli, region, planned) },
    { title: "Account settings", run: () => awsReplication(cli, region, planned) },
    { title: "Versions", run: () => awsVersions(cli, region, planned, today) },
    { title: "Add-ons", run: () => awsAddOns(cli, region, planned) },
  ];
}
