import { createHash } from "node:crypto";

/** What a client of the feature store does there; nothing else is allowed to it. */
export const STORE_ROLES = ["training", "server", "drift"] as const;
export type StoreRole = (typeof STORE_ROLES)[number];

export interface RedisUser {
  /** Name of the environment whose pods are this user. */
  environment: string;
  role: StoreRole;
  password: string;
}

/** What every connection of ioredis does before its first command. */
const CONNECTS = "+ping +info +hello +quit +client|setname";

const RULES: Record<StoreRole, (environment: string) => string> = {
  training: () => `%W~fv:* +set +expire +del +unlink`,
  server: (environment) => `%R~fv:* %W~predictions:${environment}:* +get +mget +xadd`,
  drift: (environment) => `%R~predictions:${environment}:* +xrange +xrevrange +xlen`,
};

/** `staging-server`: the user of one role in one environment. */
export function redisUserName({ environment, role }: Pick<RedisUser, "environment" | "role">): string {
  return `${environment}-${role}`;
}

/**
 * Lines of `redis.conf` that make the users, each with the keys and commands of its role, and that end the default user. Redis keeps
 * passwords as hashes.
 * @see https://redis.io/docs/latest/operate/oss_and_stack/management/security/acl/
 */
export function redisUsers(users: readonly RedisUser[]): string {
  const lines = users.map(({ environment, role, password }) => {
    const hash = createHash("sha256").update(password).digest("hex");
    const name = redisUserName({ environment, role });
    return `user ${name} on #${hash} resetkeys resetchannels -@all ${CONNECTS} ${RULES[role](environment)}`;
  });
  return ["user default off", ...lines].join("\n") + "\n";
}
