import type * as pulumi from "@pulumi/pulumi";
import type { TargetConfig } from "../../config/schema/target.ts";

/** A service that runs outside of the cluster, as its cloud is asked for it. */
export interface TargetRequest {
  /** `<environment>-<service>`: name of the component. */
  name: string;
  environment: string;
  service: string;
  target: TargetConfig;
  /** `<repository>@<digest>` */
  model: string;
  /** The other version that gets a share of the requests, where the target's canary names one. */
  canaryModel: string | undefined;
  /** Runtime image, by digest. */
  image: pulumi.Input<string>;
  /** Repository of the image in the registry, such as `slipway/runtime`. */
  imageRepository: string;
  /** Base URL of the stack's registry. */
  registryUrl: string;
  /** @default - all predictions, where there is a feature store */
  logSample: number | undefined;
}

/** What came of it. */
export interface ManagedTarget {
  /** Where requests go; null where the target tells no address before a model is deployed. */
  url: pulumi.Output<string> | null;
  /** What people need besides, such as the version that was deployed, by name. */
  details: Record<string, pulumi.Output<unknown>>;
}

/** A model and its share, as targets with several deployments take them. */
export interface ModelShare {
  name: "stable" | "canary";
  model: string;
  /** Whole percents of all requests. */
  weight: number;
}

/** The service's own model and, where there is one, the canary beside it. */
export function modelShares(
  model: string,
  canaryModel: string | undefined,
  percent: number | undefined,
): ModelShare[] {
  if (canaryModel === undefined || percent === undefined) return [{ name: "stable", model, weight: 100 }];
  return [
    { name: "stable", model, weight: 100 - percent },
    { name: "canary", model: canaryModel, weight: percent },
  ];
}
