import type { StackConfig } from "../../stacks/config/schema.ts";
import { registryUrl } from "../../stacks/config/registry-url.ts";
import { checkAws } from "./aws/check-aws.ts";
import { checkAzure } from "./azure/check-azure.ts";
import { cloudCli, type CloudCli } from "./cloud-cli.ts";
import type { Check } from "./finding.ts";
import { checkGcp } from "./gcp/check-gcp.ts";
import { localMachine } from "./local-machine.ts";
import type { PlannedResource } from "./planned-resource.ts";
import { reachFindings } from "./reach.ts";
import { toolFindings } from "./tools.ts";

export interface StackChecksOptions {
  config: StackConfig;
  /** Every resource of a preview from nothing. */
  planned: readonly PlannedResource[];
  /** Whether the stack was deployed before. */
  exists: boolean;
  today: Date;
  /** @default - the cloud's own command line */
  cli?: CloudCli;
}

/** Everything that a stack needs before its first `up`: of its cloud, or of this machine. Nothing of it changes anything. */
export function stackChecks({ config, planned, exists, today, cli }: StackChecksOptions): Check[] {
  const { cluster } = config;
  if (config.registry.kind === "local") return [{ title: "This machine", run: localMachine }];
  if (cluster.kind === "existing") return [];
  const common: Check[] = [
    { title: "Tools", run: () => toolFindings(cluster.kind) },
    {
      title: "Reach",
      run: () => reachFindings({ registryUrl: registryUrl(config), adminCidrs: cluster.adminCidrs }),
    },
  ];
  switch (cluster.kind) {
    case "eks": {
      const { account, region } = cluster;
      return [...common, ...checkAws(cli ?? cloudCli("aws"), { account, region, planned, exists, today })];
    }
    case "gke": {
      const { project, region } = cluster;
      return [...common, ...checkGcp(cli ?? cloudCli("gcloud"), { project, region, planned })];
    }
    case "aks": {
      const { subscription, tenant, adminGroups, region: location } = cluster;
      const options = { subscription, tenant, adminGroups, location, planned, exists };
      return [...common, ...checkAzure(cli ?? cloudCli("az"), options)];
    }
  }
}
