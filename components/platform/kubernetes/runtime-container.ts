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

/** Environment variables by name. For `undefined` the runtime has a default. */
export type Env<Keys extends string> = Record<Keys, EnvValue | undefined>;

/** Environment variables of one job, without those that `runtimePod` sets for every job. */
export type JobEnv<Variables extends RegistryEnv> = Env<Exclude<keyof Variables & string, keyof RegistryEnv>>;

export interface RuntimePodOptions {
  /** Image whose entry point is `runtime/main.ts`. */
  image: pulumi.Input<string>;
  /** Name of the job, and its flags. */
  args: pulumi.Input<string>[];
  registry: RegistryAccess;
  serviceAccount: pulumi.Input<string>;
  /** Variables in addition to those by which every job reaches the registry. */
  env?: Partial<Record<string, EnvValue>>;
  resources: ContainerResources;
  /** GPUs of the container. @default none */
  gpu?: GpuRequest;
  /** Other fields of the container, such as probes and ports. */
  container?: Partial<Container>;
  /** Further volumes by mount path, read-only. @default none */
  mounts?: Readonly<Record<string, types.input.core.v1.Volume>>;
  /** Size of `/tmp` in MiB. @default 64 */
  tmpMib?: number;
}

const CREDENTIALS_DIR = "/run/slipway/registry";

/**
 * Returns a pod that runs one job of the runtime image: Pod Security `restricted`, a read-only root file system, a writable `/tmp`, and
 * access to the registry.
 */
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
    mounts = {},
    tmpMib = 64,
  } = options;
  const { credentialsSecret } = registry;
  const registryEnv: Env<keyof RegistryEnv> = {
    SLIPWAY_REGISTRY: registry.url,
    // The runtime sends no credentials if this folder has no config.json.
    DOCKER_CONFIG: credentialsSecret === undefined ? "/tmp" : CREDENTIALS_DIR,
    SLIPWAY_REVISION: undefined, // the image sets it
  };
  const credentials = { name: "registry-credentials", mountPath: CREDENTIALS_DIR, readOnly: true };
  const tmp = { name: "tmp", mountPath: "/tmp" };
  const own = credentialsSecret === undefined ? [tmp] : [tmp, credentials];
  const further = Object.entries(mounts).map(([mountPath, { name }]) => ({
    name,
    mountPath,
    readOnly: true,
  }));
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
        volumeMounts: [...own, ...further],
        ...container,
      },
    ],
    volumes: [
      { name: tmp.name, emptyDir: { sizeLimit: `${tmpMib}Mi` } },
      ...(credentialsSecret === undefined ? [] : [dockerConfigVolume(credentials.name, credentialsSecret)]),
      ...Object.values(mounts),
    ],
  };
}

/** Returns the fields that all restricted pods share: a service account without a token, and the credentials that pull the image. */
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

/** Returns `imagePullSecrets` of a pod; undefined if the registry needs no credentials. */
export function pullSecrets(registry: RegistryAccess): PodSpec["imagePullSecrets"] {
  return registry.credentialsSecret === undefined ? undefined : [{ name: registry.credentialsSecret }];
}

/** Returns the variables as a list in the same order, without those whose value is undefined. */
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
