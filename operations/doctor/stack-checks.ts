import type { StackConfig } from "../../stacks/config/schema.ts";
import { registryUrl } from "../../stacks/config/registry-url.ts";
import { afterIdentity } from "./after-identity.ts";
import { checkAws } from "./aws/check-aws.ts";
import { checkAzure } from "./azure/check-azure.ts";
import { cloudCli, type CloudCli } from "./cloud-cli.ts";
import type { Check } from "./finding.ts";
import { checkGcp } from "./gcp/check-gcp.ts";
import { localMachine } from "./local-machine.ts";
import type { PlannedResource } from "./planned-resource.ts";
import { pluginFindings } from "./plugins.ts";
import { provisionedDemand } from "./provisioned-demand.ts";
import { reachFindings } from "./reach.ts";
import { toolFindings } from "./tools.ts";

export interface StackChecksOptions {
  /** Config of a foundation, or of a platform with that of its foundation. */
  config: Pick<StackConfig, "cluster" | "cloud" | "registry">;
  /** Stack of the foundation: the stack itself, or the one that it stands on. */
  foundation: string;
  /** Every resource of a preview from nothing. */
  planned: readonly PlannedResource[];
  /** Whether the stack itself is a platform, which needs a way to the API server. */
  isPlatform: boolean;
  /** Kubeconfig of the cluster. @default - the foundation was not deployed, or its outputs cannot be read */
  kubeconfig?: string | undefined;
  today: Date;
  /** @default - the cloud's own command line */
  cli?: CloudCli;
}

/** Page about the deployment to each cloud. */
const GUIDES = { eks: "aws.md", gke: "gcp.md", aks: "azure.md" } as const;

/** Everything that a stack needs before its first `up`: of its cloud, or of this machine. Nothing of it changes anything. */
export function stackChecks({
  config,
  foundation,
  planned,
  isPlatform,
  kubeconfig,
  today,
  cli,
}: StackChecksOptions): Check[] {
  const { cluster } = config;
  if (config.registry.kind === "local") return [{ title: "This machine", run: localMachine }];
  if (cluster.kind === "existing") return [];
  const common: Check[] = [
    {
      title: "Tools",
      run: async () => [...(await toolFindings(cluster.kind)), ...(await pluginFindings(planned))],
    },
    {
      title: "Reach",
      run: () =>
        reachFindings({
          registryUrl: registryUrl(config),
          adminCidrs: cluster.adminCidrs,
          foundation,
          guide: `docs/${GUIDES[cluster.kind]}#a-machine-in-the-network`,
          isPlatform,
          kubeconfig,
        }),
    },
  ];
  switch (cluster.kind) {
    case "eks": {
      const { account, region, nodeAutoProvisioning: limits } = cluster;
      const options = {
        account,
        region,
        planned,
        provisioned: provisionedDemand("aws", limits),
        today,
      };
      return [...common, ...afterIdentity(cli ?? cloudCli("aws"), (aws) => checkAws(aws, options))];
    }
    case "gke": {
      const { project, region, nodeAutoProvisioning: limits } = cluster;
      const options = { project, region, planned, provisioned: provisionedDemand("gcp", limits), today };
      return [...common, ...afterIdentity(cli ?? cloudCli("gcloud"), (gcloud) => checkGcp(gcloud, options))];
    }
    case "aks": {
      const { subscription, tenant, adminGroups, region: location, nodeAutoProvisioning: limits } = cluster;
      const provisioned = provisionedDemand("azure", limits);
      const options = { subscription, tenant, adminGroups, location, planned, provisioned, today };
      return [...common, ...afterIdentity(cli ?? cloudCli("az"), (az) => checkAzure(az, options))];
    }
  }
}
