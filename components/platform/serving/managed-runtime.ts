import * as pulumi from "@pulumi/pulumi";
import { artifactReferenceSchema } from "../../../runtime/contract/artifact-reference.ts";
import type { ManagedServingVariable, ServingTarget } from "../../../runtime/contract/serving-target.ts";
import { within } from "../kubernetes/at-least.ts";

/** Settings of an inference server that runs on a managed service, outside of Kubernetes. */
export interface ManagedRuntimeArgs {
  /** Name of the environment, such as `production`. It is part of the name of the prediction log. */
  environment: string;
  /** Name of the service in its environment. It is part of the name of the prediction log. */
  service: string;
  /** Base URL of the registry that holds the model. The server logs in with its own cloud identity. @default - none: the model comes as model data */
  registryUrl?: pulumi.Input<string>;
  /** Online feature store, for requests by entity and for the prediction log. @default - none: callers bring all features */
  featureStore?: FeatureStoreConnection;
  /** Share of predictions that are logged for drift, 0 to 1. @default - the server's: all, where there is a feature store */
  logSample?: number;
  /** Additional environment variables by name. A variable that the component sets takes precedence. @default none */
  env?: Record<string, pulumi.Input<string>>;
}

/** How a managed service connects to the online feature store. */
export interface FeatureStoreConnection {
  /** `rediss://host:port` without a password. */
  url: pulumi.Input<string>;
  /** Kept as a secret. */
  password: pulumi.Input<string>;
  /** PEM certificate of the authority that signed the certificate of the store. @default - a public one */
  caCertificate?: pulumi.Input<string>;
}

export type ManagedEnv = Record<string, pulumi.Input<string>>;

/**
 * Returns the environment variables of a server that serves `model` on `target`. `layout` is the path of the model data, for a server
 * that does not read the registry. Throws if `model` is not an artifact reference.
 */
export function managedEnv(
  owner: string,
  target: ServingTarget,
  model: string,
  args: ManagedRuntimeArgs,
  layout?: string,
): ManagedEnv {
  const { environment, service, registryUrl, featureStore, logSample, env = {} } = args;
  checkModel(owner, model);
  if (logSample !== undefined) within(0, 1, logSample, `${owner}: logSample`);
  if ((registryUrl === undefined) === (layout === undefined))
    throw new Error(
      `${owner}: the model must come from registryUrl or from model data, and from one of them only`,
    );
  const variables: Partial<Record<ManagedServingVariable, pulumi.Input<string> | undefined>> = {
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
  const defined = Object.entries(variables).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  return { ...env, ...Object.fromEntries(defined) };
}

function checkModel(owner: string, model: string): void {
  const parsed = artifactReferenceSchema.safeParse(model);
  if (!parsed.success)
    throw new Error(
      `${owner}: model ${parsed.error.issues[0]?.message ?? "is not valid"}, got ${JSON.stringify(model)}`,
    );
}

/** Returns the image after a check that its name has a digest. Otherwise throws, or fails the resource if the name is an output. */
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

/** Throws unless `floor <= minimum <= maximum` and `maximum >= 1`. `floor` is 0 for a target that can scale to zero. */
export function checkScale(owner: string, minimum: number, maximum: number, floor: 0 | 1): void {
  if (!Number.isInteger(minimum) || minimum < floor)
    throw new Error(`${owner}: minInstances must be a whole number of at least ${floor}, got ${minimum}`);
  if (!Number.isInteger(maximum) || maximum < Math.max(1, minimum))
    throw new Error(
      `${owner}: maxInstances must be a whole number of at least ${Math.max(1, minimum)}, got ${maximum}`,
    );
}
