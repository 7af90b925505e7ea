import { ISOLATED_ENDPOINTS } from "../../../components/aws/create-vpc-endpoints.ts";
import type { CloudConfig } from "./cloud.ts";
import type { EksConfig } from "./cluster.ts";
import type { TargetKind } from "./target.ts";

/** Kind of a target → services of AWS that pods call for it. */
const TARGET_ENDPOINTS: Partial<Record<TargetKind, string>> = {
  sagemaker: "sagemaker.runtime",
  lambda: "lambda",
};

/** Returns the services of AWS that a network without a NAT gateway must reach. */
export function isolatedEndpoints({ targets }: Pick<CloudConfig, "targets">): string[] {
  return [...ISOLATED_ENDPOINTS, ...targets.flatMap((kind) => TARGET_ENDPOINTS[kind] ?? [])];
}

/** Returns the services of AWS with an endpoint in the network: those of the config, or those that the stack needs. */
export function vpcEndpoints(
  { nat, vpcEndpoints: own }: Pick<EksConfig, "nat" | "vpcEndpoints">,
  cloud: Pick<CloudConfig, "targets">,
): readonly string[] | undefined {
  return own ?? (nat === "none" ? isolatedEndpoints(cloud) : undefined);
}
