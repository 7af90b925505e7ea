import { accessSync, constants, existsSync } from "node:fs";
import { dirname, relative } from "node:path";
import { cache, home } from "../local/home.ts";
import { ROOT } from "../operations/root.ts";

/** Code of the system → the rule that the place breaks. */
const RULES: Readonly<Record<string, string>> = {
  EROFS: "must be writable, got a read-only file system (EROFS)",
  EACCES: "must be accessible for this user, got permission denied (EACCES)",
  EPERM: "must be accessible for this user, got operation not permitted (EPERM)",
  ENOSPC: "must be on a disk with free space, got a full disk (ENOSPC)",
  EDQUOT: "must be on a disk with free space, got an exhausted quota (EDQUOT)",
};

/**
 * Returns the place, the rule and the fix for an error of the file system that a person can mend; undefined for other errors.
 * The message of Node has only the code and the name of the system call.
 */
export function diskFailure(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code = "", path, syscall } = error as NodeJS.ErrnoException;
  if (typeof path !== "string" || !error.message.startsWith(code)) return undefined; // the message is one of ours
  const place = syscall === "mkdtemp" ? dirname(path) : path;
  const rule = RULES[code === "ENOENT" && syscall === "mkdir" ? whyNoFolder(path) : code];
  return rule === undefined ? undefined : `${place}: ${rule}; ${fixOf(place)}`;
}

/** Node says ENOENT where it cannot make a folder and its parents. Returns the code of the nearest folder that is there. */
function whyNoFolder(path: string): string {
  let folder = dirname(path);
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder);
  try {
    accessSync(folder, constants.W_OK);
    return "";
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? "";
  }
}

function fixOf(place: string): string {
  if (isIn(home(), place)) return "make it so, or set SLIPWAY_HOME to a folder that can be written";
  if (isIn(cache(), place)) return "make it so, or set SLIPWAY_CACHE to a folder that can be written";
  if (isIn(ROOT, place))
    return "make it so, or run the command in a copy of the checkout that can be written";
  return "make it so, or name another place";
}

function isIn(folder: string, path: string): boolean {
  const rest = relative(folder, path);
  return !rest.startsWith("..") && !rest.startsWith("/");
}
