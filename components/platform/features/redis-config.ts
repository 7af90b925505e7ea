import { PORT } from "../../../runtime/contract/port.ts";

/** File of the mounted Secret that has the users: neither arguments nor environment ever hold a password. */
export const REDIS_USERS_FILE = "users.conf";

/** Where that Secret is mounted. */
export const REDIS_USERS_DIR = "/run/redis-users";

export interface RedisConfigOptions {
  maxMemoryMib: number;
}

/**
 * `redis.conf` of the feature store. Feature rows have a time to live and may be evicted; the prediction logs have none
 * and stay, bounded by their own length.
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
    // The append-only file is the one copy on disk that counts.
    'save ""',
    `maxmemory ${maxMemoryMib}mb`,
    "maxmemory-policy volatile-ttl",
    `include ${REDIS_USERS_DIR}/${REDIS_USERS_FILE}`,
  ];
  return settings.join("\n") + "\n";
}
