import * as aws from "@pulumi/aws";
import type { CloudConfig } from "../config/schema/cloud.ts";
import type { EksConfig } from "../config/schema/cluster.ts";

/** Creates the AWS provider of a stack. It refuses every other account, and tags everything. */
export function awsProvider({ account, region }: EksConfig, { tags }: CloudConfig): aws.Provider {
  return new aws.Provider("aws", { region, allowedAccountIds: [account], defaultTags: { tags } });
}

/** Name of the bucket for data that jobs write in addition to artifacts. */
export function objectsBucket({ account, region }: EksConfig, { prefix }: CloudConfig): string {
  return `${prefix}-${account}-${region}`;
}
