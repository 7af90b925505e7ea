import type { CloudConfig } from "./cloud.ts";
import type { ClusterConfig } from "./cluster.ts";
import type { Refuse } from "./refuse.ts";

/** Prefixes that Azure keeps for its own tags. @see https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources#limitations */
const AZURE_PREFIXES = ["azure", "microsoft", "windows"];

/** Refuses names of tags that the cloud keeps for itself. */
export function fitTags(
  { cluster, cloud }: { cluster: ClusterConfig; cloud?: CloudConfig | undefined },
  refuse: Refuse,
): void {
  if (cluster.kind !== "aks") return;
  for (const tag of Object.keys(cloud?.tags ?? {})) {
    const prefix = AZURE_PREFIXES.find((each) => tag.startsWith(each));
    if (prefix !== undefined)
      refuse(["cloud", "tags", tag], `must not begin with ${prefix}, which Azure keeps for tags of its own`);
  }
}
