import * as pulumi from "@pulumi/pulumi";
import type { ManagedRedis } from "./connection.ts";
import { deployed } from "./deployed.ts";

interface RedisOutputs {
  redisHost: pulumi.Output<string | null>;
  redisPassword: pulumi.Output<string | null>;
}

/**
 * Returns the managed Redis of a foundation whose config has one.
 *
 * @param port - port on which the Redis of this cloud speaks TLS
 */
export function managedRedis({ redisHost, redisPassword }: RedisOutputs, port: number): ManagedRedis {
  const key = "cloud.redis";
  return {
    host: deployed(redisHost, key),
    port,
    password: pulumi.secret(deployed(redisPassword, key)),
  };
}
