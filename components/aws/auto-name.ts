import { createHash } from "node:crypto";

/** Characters that Pulumi appends to make a name unique: a hyphen and seven hexadecimal digits. */
const SUFFIX = 8;
const HASH = 8;

/**
 * Returns the name of a resource that AWS will know under this name and Pulumi's suffix, in at most `max` characters. A longer name
 * is cut, and ends in a hash of the whole name, so that different names stay different. A name that fits is not changed. The
 * provider checks the length only during the deployment; a preview without it would not notice.
 */
export function autoName(name: string, max: number): string {
  const room = max - SUFFIX;
  if (name.length <= room) return name;
  const hash = createHash("sha256").update(name).digest("hex").slice(0, HASH);
  return `${name.slice(0, room - HASH - 1).replace(/-+$/, "")}-${hash}`;
}

/** Longest name of an IAM role. */
export const MAX_ROLE_NAME = 64;

/** Longest name of a node group. */
export const MAX_NODE_GROUP_NAME = 63;
