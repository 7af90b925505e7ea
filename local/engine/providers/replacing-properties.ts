import { parsePath, pathsTouch } from "../values/property-path.ts";
import { AWS_ALWAYS, AWS_REPLACING } from "./replacing/aws.ts";
import { AZURE_ALWAYS, AZURE_REPLACING } from "./replacing/azure.ts";
import { GCP_REPLACING } from "./replacing/gcp.ts";
import type { ReplacingGroup } from "./replacing/replacing-group.ts";

type Paths = ReturnType<typeof parsePath>[];

/**
 * Properties that a cloud cannot change in place: a change of them replaces the resource. Each group names its source. For a
 * type in no group, a plan may show an update where the cloud will replace the resource.
 */
export const REPLACING: readonly ReplacingGroup[] = [...AWS_REPLACING, ...GCP_REPLACING, ...AZURE_REPLACING];

const byType = new Map(REPLACING.flatMap(({ properties }) => Object.entries(properties)));
const parsed = new Map<string, Paths>();

/** Returns the changed paths that replace a resource of this type, whatever the new value. */
export function replacingPaths(type: string, changed: readonly string[]): string[] {
  const patterns = patternsOf(withoutVersion(type));
  return changed.filter((path) => {
    const elements = parsePath(path);
    return patterns.some((pattern) => pathsTouch(pattern, elements));
  });
}

/** azure-native also has types of one API version: `azure-native:storage/v20240101:StorageAccount`. */
function withoutVersion(type: string): string {
  return type.replace(/^(azure-native:\w+)\/v\w+:/, "$1:");
}

function patternsOf(type: string): Paths {
  let patterns = parsed.get(type);
  if (!patterns) {
    const always = type.startsWith("azure-native:")
      ? AZURE_ALWAYS
      : type.startsWith("aws:")
        ? AWS_ALWAYS
        : "";
    patterns = `${always} ${byType.get(type) ?? ""}`.split(" ").filter(Boolean).map(parsePath);
    parsed.set(type, patterns);
  }
  return patterns;
}
