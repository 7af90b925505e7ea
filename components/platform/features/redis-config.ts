import { PORT } from "../../../runtime/contract/port.ts";

/** File of a mounted Secret with the users, so that no argument and no environment variable holds a password. */
export const REDIS_USERS_FILE = "users.conf";

/** Folder where that Secret is mounted. */
export const REDIS_USERS_DIR = "/run/redis-users";

export interface RedisConfigOptions {
  /** Memory for data, in MiB. */
  maxMemoryMib: number;
}

/**
 * Returns `redis.conf` of the feature store. When memory is full, Redis evicts feature rows, which have a time to live. It keeps the
 * prediction logs, which have none and a bounded length.
 */
export function redisConfig({ maxMemoryMib }: RedisConfigOptions): string {
  const settings = [
    `port ${PORT.redis}`,
    "bind * -::*",
    "protected-mode yes",
    "daemonize no",
    "dir /data",
    "appendonly yes",
    "appendfsync everysec",
    // No snapshots: the append-only file is the only copy on disk.
    'save ""',
    `maxmemory ${maxMemoryMib}mb`,
    "maxmemory-policy volatile-ttl",
    `include ${REDIS_USERS_DIR}/${REDIS_USERS_FILE}`,
  ];
  return settings.join("\n") + "\n";
}
