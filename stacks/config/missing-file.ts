import { readdir } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import type { ConfigFault } from "../../runtime/contract/issues/describe-issues.ts";
import { nearestName } from "../../runtime/contract/issues/nearest-name.ts";

export interface NamedFile {
  /** Key of the config that names the file, without its namespace: `["images", "lockFile"]`. */
  key: readonly string[];
  /** Path as the config has it. */
  path: string;
  /** Command that makes the file, where no file of a similar name is there. */
  fix: string;
}

/** Describes a file that the config names and that cannot be read; suggests the file of the most similar name in its folder. */
export async function missingFile(
  { key, path, fix }: NamedFile,
  root: string,
  reason = "ENOENT",
): Promise<ConfigFault> {
  const names = await readdir(dirname(resolve(root, path))).catch(() => []);
  const near = nearestName(basename(path), names);
  return {
    path: key,
    kind: "wrong",
    message: `must name a file that can be read, got ${path} (${reason})`,
    fix: near === undefined || near === basename(path) ? fix : `did you mean ${join(dirname(path), near)}?`,
  };
}

/** Says which command makes a file that the config of a stack names. */
export function commandFor(
  key: "lockFile" | "credentialsFile" | "readCredentialsFile",
  { registryKind, stack }: { registryKind: string | undefined; stack: string },
): string {
  const isLocal = registryKind === "local";
  if (key === "lockFile")
    return isLocal ? "npm run up builds the images" : `npm run lock -- --stack ${stack} writes it`;
  return isLocal ? "npm run up starts the registry" : "docker login writes it";
}
