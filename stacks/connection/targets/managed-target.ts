import type * as pulumi from "@pulumi/pulumi";
import type { TargetConfig } from "../../config/schema/target.ts";

/** Request to create one service outside of the cluster. */
export interface TargetRequest {
  /** Name of the component: `<environment>-<service>`. */
  name: string;
  environment: string;
  service: string;
  target: TargetConfig;
  /** Reference of the model: `<repository>@<digest>`. */
  model: string;
  /** Reference of the canary's model; undefined if the target has no canary, or does not identify it by a model. */
  canaryModel: string | undefined;
  /** Runtime image, by digest. */
  image: pulumi.Input<string>;
  /** Repository of the image in the registry, such as `slipway/runtime`. */
  imageRepository: string;
  /** Base URL of the stack's registry. */
  registryUrl: string;
  /** Share of predictions that are logged for drift, 0 to 1. @default - all, if there is a feature store */
  logSample: number | undefined;
}

/** A service that was created outside of the cluster. */
export interface ManagedTarget {
  /** URL for requests; null if the target has none before a model is deployed. */
  url: pulumi.Output<string> | null;
  /** Other values that users need, by name, such as the deployed version. */
  details: Record<string, pulumi.Output<unknown>>;
}

/** One of the deployments of a target, with its share of the requests. */
export interface ModelShare {
  name: "stable" | "canary";
  model: string;
  /** Percent of all requests, a whole number. */
  weight: number;
}

/** Returns the model of the service and, if there is one, its canary, with their shares of the requests. */
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
