import { createHash } from "node:crypto";

/** Roles of the clients of the feature store. A client may do only what its role needs. */
export const STORE_ROLES = ["training", "server", "drift"] as const;
export type StoreRole = (typeof STORE_ROLES)[number];

export interface RedisUser {
  /** Name of the environment whose pods log in as this user. */
  environment: string;
  role: StoreRole;
  password: string;
}

/** ACL rule for the commands that ioredis sends on every connection before the first command of the client. */
const CONNECTION_COMMANDS = "+ping +info +hello +quit +client|setname";

/** ACL rule for the keys and the commands of each role. */
const ROLE_RULES: Record<StoreRole, (environment: string) => string> = {
  training: () => `%W~fv:* +set +expire +del +unlink`,
  server: (environment) => `%R~fv:* %W~predictions:${environment}:* +get +mget +xadd`,
  drift: (environment) => `%R~predictions:${environment}:* +xrange +xrevrange +xlen`,
};

/** Returns the name of the Redis user of a role in an environment, such as `staging-server`. */
export function redisUserName({ environment, role }: Pick<RedisUser, "environment" | "role">): string {
  return `${environment}-${role}`;
}

/**
 * Returns the lines of `redis.conf` that create the users and disable the default user. Each user may use only the keys and commands of
 * its role. The lines contain hashes instead of the passwords.
 * @see https://redis.io/docs/latest/operate/oss_and_stack/management/security/acl/
 */
export function redisUsers(users: readonly RedisUser[]): string {
  const lines = users.map(({ environment, role, password }) => {
    const hash = createHash("sha256").update(password).digest("hex");
    const name = redisUserName({ environment, role });
    return `user ${name} on #${hash} resetkeys resetchannels -@all ${CONNECTION_COMMANDS} ${ROLE_RULES[role](environment)}`;
  });
  return ["user default off", ...lines].join("\n") + "\n";
}
