import * as gcp from "@pulumi/gcp";
import type { CloudConfig } from "../config/schema/cloud.ts";
import type { GkeConfig } from "../config/schema/cluster.ts";

/** Creates the Google Cloud provider of a stack, which labels everything. */
export function gcpProvider({ project, region }: GkeConfig, { tags }: CloudConfig): gcp.Provider {
  return new gcp.Provider("gcp", {
    project,
    region,
    defaultLabels: tags,
    // Requests about budgets and service agents must name a project for quota and billing.
    billingProject: project,
    userProjectOverride: true,
  });
}
