import type { CloudCli } from "../cloud-cli.ts";
import type { Check } from "../finding.ts";
import type { PlannedResource } from "../planned-resource.ts";
import type { ProvisionedDemand } from "../provisioned-demand.ts";
import { azureNames } from "./names.ts";
import { azureNodeDemand } from "./node-demand.ts";
import { azureQuotas } from "./quotas.ts";
import { azureSubscription } from "./subscription.ts";
import { azureVersions } from "./versions.ts";

export interface CheckAzureOptions {
  subscription: string;
  tenant: string;
  adminGroups: readonly string[];
  location: string;
  planned: readonly PlannedResource[];
  /** Nodes that the cluster creates by itself. @default none */
  provisioned?: readonly ProvisionedDemand[];
  today: Date;
}

/** What a stack on Azure needs of its subscription. */
export function checkAzure(cli: CloudCli, options: CheckAzureOptions): Check[] {
  const { location, planned, provisioned = [], today } = options;
  const demands = azureNodeDemand(planned);
  const encryptsAtHost = demands.some((demand) => demand.encryptsAtHost);
  return [
    {
      title: "Subscription, providers and rights",
      required: 2,
      run: () => azureSubscription(cli, { ...options, encryptsAtHost }),
    },
    { title: "Machines and quotas", run: () => azureQuotas(cli, location, demands, provisioned) },
    { title: "Names", run: () => azureNames(cli, planned) },
    { title: "Versions", run: () => azureVersions(cli, { location, today }, planned) },
  ];
}
