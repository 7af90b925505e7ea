import type * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../environment.ts";
import type { OnlineStore } from "../features/online-store.ts";
import { atLeast, within } from "../kubernetes/at-least.ts";
import type { GpuRequest } from "../kubernetes/gpu-scheduling.ts";
import type { ServiceAccountIdentity } from "../kubernetes/service-account-identity.ts";
import type { Registry } from "../registry/registry.ts";
import { checkAutoscaling, type ServiceAutoscaling } from "./service-autoscaler.ts";
import type { GatewayAccess, ServiceCaller } from "./service-callers.ts";

export interface InferenceServiceArgs {
  environment: Environment;
  registry: Registry;
  featureStore: OnlineStore;
  /** Image whose entry point is `runtime/main.ts`. */
  image: pulumi.Input<string>;
  /** Reference of the model: `<repository>@sha256:<64 hex digits>`, in the same registry. */
  model: pulumi.Input<string>;
  /** Name of the Kubernetes Service and of the other objects. @default - the component's name */
  serviceName?: string;
  /** Environments and other namespaces whose pods may call the service. @default none */
  callers?: readonly ServiceCaller[];
  /** Lets the gateway of the environment call the service. @default none */
  gateway?: GatewayAccess;
  /** Number of pods; at least 1. @default 2, so that one may drain */
  replicas?: number;
  /** Adds pods under load. `replicas` is the least number then. @default - the number of pods is fixed */
  autoscaling?: ServiceAutoscaling;
  /** CPU that each pod requests, in thousandths of a core. @default 100 */
  cpuRequestMillis?: number;
  /** CPU limit of each pod, in thousandths of a core. @default 1000 */
  cpuLimitMillis?: number;
  /** Memory limit of each pod in MiB; at least 256. A third of it is requested. @default 768 */
  memoryMib?: number;
  /** GPUs of each pod. A rolling update needs GPUs for one more pod. @default none */
  gpu?: GpuRequest;
  /** Cloud identity of the pods. @default none */
  identity?: ServiceAccountIdentity;
  /** Share of predictions that are logged for drift, 0 to 1. @default - the server's: all */
  logSample?: number;
  /** Most predictions that the log keeps; at least 1. @default - the server's: 50000 */
  logMaxEntries?: number;
  /** Seconds after SIGTERM in which the server finishes its requests; at least 0. @default 10 */
  drainSeconds?: number;
}

/** The arguments after `inferenceServiceSettings` has filled in the component's own defaults. */
export type InferenceServiceSettings = InferenceServiceArgs &
  Required<
    Pick<
      InferenceServiceArgs,
      | "serviceName"
      | "callers"
      | "replicas"
      | "cpuRequestMillis"
      | "cpuLimitMillis"
      | "memoryMib"
      | "drainSeconds"
    >
  >;

/** Fills in the defaults. Throws for a number outside its range; `name` is the name of the component. */
export function inferenceServiceSettings(name: string, args: InferenceServiceArgs): InferenceServiceSettings {
  const { serviceName = name, callers = [], logSample, logMaxEntries, drainSeconds = 10 } = args;
  const { replicas = 2, cpuRequestMillis = 100, cpuLimitMillis = 1000, memoryMib = 768 } = args;
  atLeast(1, replicas, `${name}: replicas`);
  if (args.autoscaling !== undefined) checkAutoscaling(name, args.autoscaling, replicas);
  atLeast(256, memoryMib, `${name}: memoryMib`);
  atLeast(0, drainSeconds, `${name}: drainSeconds`);
  if (logSample !== undefined) within(0, 1, logSample, `${name}: logSample`);
  if (logMaxEntries !== undefined) atLeast(1, logMaxEntries, `${name}: logMaxEntries`);
  return {
    ...args,
    serviceName,
    callers,
    replicas,
    cpuRequestMillis,
    cpuLimitMillis,
    memoryMib,
    drainSeconds,
  };
}
