import type * as pulumi from "@pulumi/pulumi";
import type { TargetConfig } from "../../config/schema/target.ts";

/** What a cloud is asked to create: one service outside of the cluster. */
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

/** A service that was created outside of the cluster. */
export interface ManagedTarget {
  /** Address for requests; null where the target has none before a model is deployed. */
  url: pulumi.Output<string> | null;
  /** Other values that people need, by name, such as the version that was deployed. */
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
