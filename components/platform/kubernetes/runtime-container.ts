import type { types } from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { RegistryEnv } from "../../../runtime/contract/env.ts";
import { gpuPlacement, withGpus, type GpuRequest } from "./gpu-scheduling.ts";
import { restrictedContainer, restrictedPod } from "./pod-security.ts";
import type { ContainerResources } from "./resources.ts";

type Container = types.input.core.v1.Container;
type PodSpec = types.input.core.v1.PodSpec;
type EnvVar = types.input.core.v1.EnvVar;

/** What a pod needs to reach the registry. */
export interface RegistryAccess {
  /** Base URL. */
  url: string;
  /** Name of a `kubernetes.io/dockerconfigjson` Secret in the pod's namespace. @default - no credentials */
  credentialsSecret?: pulumi.Input<string>;
}

/** A value, or the name and key of the Secret that holds it. */
export type EnvValue = pulumi.Input<string> | { secret: pulumi.Input<string>; key: string };

/** Environment variables by name; `undefined` leaves the runtime's default. */
export type Env<Keys extends string> = Record<Keys, EnvValue | undefined>;

export interface RuntimePodOptions {
  /** Image whose entry point is `runtime/main.ts`. */
  image: pulumi.Input<string>;
  /** The job and its flags. */
  args: pulumi.Input<string>[];
  registry: RegistryAccess;
  serviceAccount: pulumi.Input<string>;
  /** Added to those by which every container reaches the registry. */
  env?: Partial<Record<string, EnvValue>>;
  resources: ContainerResources;
  /** GPUs of the container. @default none */
  gpu?: GpuRequest;
  /** Probes, ports and the like. */
  container?: Partial<Container>;
  /** Size of `/tmp`. @default 64 */
  tmpMib?: number;
}

const CREDENTIALS_DIR = "/run/slipway/registry";

/** A pod of one container that runs a job of the runtime image: restricted, on a read-only root, with `/tmp`, and able to reach the registry. */
export function runtimePod(options: RuntimePodOptions): PodSpec {
  const {
    image,
    args,
    registry,
    serviceAccount,
    env = {},
    resources,
    gpu,
    container = {},
    tmpMib = 64,
  } = options;
  const { credentialsSecret } = registry;
  const registryEnv: Env<keyof RegistryEnv> = {
    SLIPWAY_REGISTRY: registry.url,
    // A folder without config.json means: no credentials.
    DOCKER_CONFIG: credentialsSecret === undefined ? "/tmp" : CREDENTIALS_DIR,
    SLIPWAY_REVISION: undefined, // the image says it
  };
  const credentials = { name: "registry-credentials", mountPath: CREDENTIALS_DIR, readOnly: true };
  const tmp = { name: "tmp", mountPath: "/tmp" };
  return {
    ...restrictedPodSpec(serviceAccount, registry),
    ...gpuPlacement(gpu),
    containers: [
      {
        name: "runtime",
        image,
        args,
        env: toEnvVars({ ...registryEnv, ...env }),
        resources: withGpus(resources, gpu),
        securityContext: restrictedContainer,
        terminationMessagePolicy: "File",
        volumeMounts: credentialsSecret === undefined ? [tmp] : [tmp, credentials],
        ...container,
      },
    ],
    volumes: [
      { name: tmp.name, emptyDir: { sizeLimit: `${tmpMib}Mi` } },
      ...(credentialsSecret === undefined ? [] : [dockerConfigVolume(credentials.name, credentialsSecret)]),
    ],
  };
}

/** What every restricted pod has: its service account without a token, and credentials to pull its image. */
export function restrictedPodSpec(
  serviceAccount: pulumi.Input<string>,
  registry: RegistryAccess,
): Omit<PodSpec, "containers"> {
  return {
    serviceAccountName: serviceAccount,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: restrictedPod,
    imagePullSecrets: pullSecrets(registry),
  };
}

/** `imagePullSecrets` of a pod; undefined where the registry asks for no credentials. */
export function pullSecrets(registry: RegistryAccess): PodSpec["imagePullSecrets"] {
  return registry.credentialsSecret === undefined ? undefined : [{ name: registry.credentialsSecret }];
}

/** Environment variables in the order given; those without a value are left out. */
export function toEnvVars(env: Partial<Record<string, EnvValue>>): EnvVar[] {
  return Object.entries(env).flatMap(([name, value]): EnvVar[] => {
    if (value === undefined) return [];
    if (typeof value === "object" && "secret" in value)
      return [{ name, valueFrom: { secretKeyRef: { name: value.secret, key: value.key } } }];
    return [{ name, value }];
  });
}

function dockerConfigVolume(name: string, secretName: pulumi.Input<string>): types.input.core.v1.Volume {
  return {
    name,
    secret: { secretName, defaultMode: 0o440, items: [{ key: ".dockerconfigjson", path: "config.json" }] },
  };
}
