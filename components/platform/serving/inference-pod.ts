import type { types } from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { ServingEnv } from "../../../runtime/contract/env.ts";
import { PORT } from "../../../runtime/contract/port.ts";
import { featureStoreEnv } from "../features/feature-store-env.ts";
import { resources } from "../kubernetes/resources.ts";
import { runtimePod, type JobEnv } from "../kubernetes/runtime-container.ts";
import { drainLifecycle } from "./drain-lifecycle.ts";
import type { InferenceServiceSettings } from "./inference-service-args.ts";
import { servingProbes } from "./serving-probes.ts";
import { topologySpread } from "./topology-spread.ts";

/** Returns the pod of an inference server. `selector` has the labels that select all pods of the service. */
export function inferencePod(
  settings: InferenceServiceSettings,
  serviceAccount: pulumi.Input<string>,
  selector: Record<string, string>,
): types.input.core.v1.PodSpec {
  const { environment, registry, image, gpu, gateway, drainSeconds } = settings;
  const apiKeys = gateway?.apiKeysSecret;
  const { cpuRequestMillis, cpuLimitMillis, memoryMib } = settings;
  const { terminationGracePeriodSeconds, lifecycle } = drainLifecycle(drainSeconds);
  const pod = runtimePod({
    image,
    args: ["serve"],
    registry: registry.accessFrom(environment),
    serviceAccount,
    env: servingEnv(settings),
    resources: resources({
      cpuRequestMillis,
      cpuLimitMillis,
      memoryMib,
      memoryRequestMib: Math.ceil(memoryMib / 3),
    }),
    gpu,
    container: {
      ports: [
        { name: "http", containerPort: PORT.inference },
        { name: "metrics", containerPort: PORT.metrics },
        ...(apiKeys === undefined ? [] : [{ name: "gateway", containerPort: PORT.gateway }]),
      ],
      lifecycle,
      ...servingProbes("metrics"),
    },
    mounts: apiKeys === undefined ? {} : { [API_KEYS_DIR]: apiKeysVolume(apiKeys) },
    tmpMib: 256, // room for the model while it is pulled and verified
  });
  return { ...pod, terminationGracePeriodSeconds, topologySpreadConstraints: topologySpread(selector) };
}

/** Folder where the Secret with the digests of API keys is mounted. */
const API_KEYS_DIR = "/run/slipway/api-keys";

/** The pod starts without the Secret, because a person fills it. */
function apiKeysVolume(secretName: pulumi.Input<string>): types.input.core.v1.Volume {
  return { name: "api-keys", secret: { secretName, defaultMode: 0o440, optional: true } };
}

function servingEnv(settings: InferenceServiceSettings): JobEnv<ServingEnv> {
  const { environment, featureStore, model, serviceName, gateway } = settings;
  const { logSample, logMaxEntries, drainSeconds } = settings;
  return {
    ...featureStoreEnv(featureStore.accessFrom(environment, "server")),
    SLIPWAY_MODEL: model,
    SLIPWAY_ENVIRONMENT: environment.name,
    SLIPWAY_SERVICE: serviceName,
    SLIPWAY_LOG_SAMPLE: logSample?.toString(),
    SLIPWAY_LOG_MAX_ENTRIES: logMaxEntries?.toString(),
    SLIPWAY_DRAIN_SECONDS: String(drainSeconds),
    SLIPWAY_API_KEYS: gateway?.apiKeysSecret === undefined ? undefined : API_KEYS_DIR,
  };
}
