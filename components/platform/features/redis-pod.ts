import type { types } from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { PORT } from "../../../runtime/contract/port.ts";
import { resources } from "../kubernetes/resources.ts";
import type { RegistryAccess } from "../kubernetes/runtime-container.ts";
import { serverPod, tcpProbes } from "../kubernetes/server-pod.ts";
import { REDIS_USERS_DIR } from "./redis-config.ts";

export interface RedisPodOptions {
  /** Image whose entry point is `redis-server`. */
  image: pulumi.Input<string>;
  registry: RegistryAccess;
  serviceAccount: pulumi.Input<string>;
  /** Name of the ConfigMap with `redis.conf`. */
  configMap: pulumi.Input<string>;
  /** Name of the Secret with the users. */
  usersSecret: pulumi.Input<string>;
  /** Name of the claim of the volume for the append-only file. */
  volumeClaim: pulumi.Input<string>;
  /** Memory for data in MiB. */
  maxMemoryMib: number;
  /** Labels of the nodes that the pod may run on. @default - any node */
  nodeSelector?: Readonly<Record<string, string>> | undefined;
}

/** Returns the pod of the feature store's Redis. */
export function redisPod(options: RedisPodOptions): types.input.core.v1.PodSpec {
  const { image, registry, serviceAccount, maxMemoryMib, nodeSelector } = options;
  return serverPod({
    name: "redis",
    image,
    args: ["/etc/redis/redis.conf"],
    port: { name: "redis", number: PORT.redis },
    registry,
    serviceAccount,
    resources: resources({
      cpuRequestMillis: 50,
      cpuLimitMillis: 1000,
      // Twice the data: while Redis rewrites the append-only file, it copies the pages that change.
      memoryMib: 2 * maxMemoryMib,
      memoryRequestMib: Math.ceil(maxMemoryMib / 4),
    }),
    volumes: {
      "/etc/redis": { name: "config", configMap: { name: options.configMap } },
      [REDIS_USERS_DIR]: { name: "users", secret: { secretName: options.usersSecret, defaultMode: 0o440 } },
      "/data": { name: "data", persistentVolumeClaim: { claimName: options.volumeClaim } },
    },
    probes: tcpProbes("redis"),
    terminationGracePeriodSeconds: 60,
    nodeSelector,
  });
}
