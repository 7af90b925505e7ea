import * as pulumi from "@pulumi/pulumi";
import { artifactReferenceSchema } from "../../../runtime/contract/artifact-reference.ts";
import type { ManagedServingVariable, ServingTarget } from "../../../runtime/contract/serving-target.ts";

/** What a server of the runtime image is told where there is no Kubernetes. */
export interface ManagedRuntimeArgs {
  /** Name of the environment, such as `production`; it is in the prediction log's name. */
  environment: string;
  /** Name of the service in its environment; it is in the prediction log's name too. */
  service: string;
  /** Base URL of the registry that holds the model; the server asks it as its own identity. @default - none: the model comes as model data */
  registryUrl?: pulumi.Input<string>;
  /** Online feature store, for requests by entity and for the prediction log. @default - none: callers bring all features */
  featureStore?: ManagedFeatureStore;
  /** Share of predictions that are logged for drift, 0 to 1. @default - the server's: all, where there is a feature store */
  logSample?: number;
  /** More environment variables, by name. Those that the component sets win. @default none */
  env?: Record<string, pulumi.Input<string>>;
}

export interface ManagedFeatureStore {
  /** `rediss://host:port` without a password. */
  url: pulumi.Input<string>;
  /** Kept as a secret. */
  password: pulumi.Input<string>;
  /** PEM of the authority that signed its certificate. @default - a public one */
  caCertificate?: pulumi.Input<string>;
}

export type ManagedEnv = Record<string, pulumi.Input<string>>;

/** Environment variables of a server that serves `model` on `target`. Throws for a model that is no reference. */
export function managedEnv(
  owner: string,
  target: ServingTarget,
  model: string,
  args: ManagedRuntimeArgs,
  layout?: string,
): ManagedEnv {
  const { environment, service, registryUrl, featureStore, logSample, env = {} } = args;
  checkModel(owner, model);
  if (logSample !== undefined && !(logSample >= 0 && logSample <= 1))
    throw new Error(`${owner}: logSample must be between 0 and 1, got ${logSample}`);
  if ((registryUrl === undefined) === (layout === undefined))
    throw new Error(
      `${owner}: the model must come from registryUrl or from model data, and from one of them only`,
    );
  const own: Partial<Record<ManagedServingVariable, pulumi.Input<string> | undefined>> = {
    SLIPWAY_TARGET: target,
    SLIPWAY_ENVIRONMENT: environment,
    SLIPWAY_SERVICE: service,
    SLIPWAY_MODEL: model,
    SLIPWAY_REGISTRY: registryUrl,
    SLIPWAY_MODEL_LAYOUT: layout,
    SLIPWAY_FEATURE_STORE_URL: featureStore?.url,
    SLIPWAY_FEATURE_STORE_PASSWORD:
      featureStore === undefined ? undefined : pulumi.secret(featureStore.password),
    SLIPWAY_FEATURE_STORE_CA: featureStore?.caCertificate,
    SLIPWAY_LOG_SAMPLE: logSample?.toString(),
  };
  const set = Object.entries(own).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  return { ...env, ...Object.fromEntries(set) };
}

function checkModel(owner: string, model: string): void {
  const parsed = artifactReferenceSchema.safeParse(model);
  if (!parsed.success)
    throw new Error(
      `${owner}: model ${parsed.error.issues[0]?.message ?? "is not valid"}, got ${JSON.stringify(model)}`,
    );
}

/** The image, once it is known to be named by digest. Throws, or fails the resource, for one that is not. */
export function imageByDigest(owner: string, image: pulumi.Input<string>): pulumi.Output<string> {
  const check = (name: string): string => {
    if (!/@sha256:[0-9a-f]{64}$/.test(name))
      throw new Error(
        `${owner}: image must be named by digest (…@sha256:<64 hex digits>), got ${JSON.stringify(name)}`,
      );
    return name;
  };
  return pulumi.output(typeof image === "string" ? check(image) : pulumi.output(image).apply(check));
}

/** Throws unless `0 < minimum <= maximum`, or `0 <= minimum` where nothing may run. */
export function checkScale(owner: string, minimum: number, maximum: number, floor: 0 | 1): void {
  if (!Number.isInteger(minimum) || minimum < floor)
    throw new Error(`${owner}: minInstances must be a whole number of at least ${floor}, got ${minimum}`);
  if (!Number.isInteger(maximum) || maximum < Math.max(1, minimum))
    throw new Error(
      `${owner}: maxInstances must be a whole number of at least ${Math.max(1, minimum)}, got ${maximum}`,
    );
}
