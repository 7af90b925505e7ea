/** Availability zones of most Azure regions. */
export const AZURE_ZONES: readonly string[] = ["1", "2", "3"];

/** Regions without availability zones, November 2026. @see https://learn.microsoft.com/azure/reliability/regions-list */
const WITHOUT_ZONES: ReadonlySet<string> = new Set([
  ...[
    "australiacentral",
    "australiacentral2",
    "australiasoutheast",
    "brazilsoutheast",
    "canadaeast",
    "francesouth",
  ],
  ...["germanynorth", "jioindiacentral", "jioindiawest", "koreasouth", "northcentralus", "norwaywest"],
  ...[
    "southafricawest",
    "southindia",
    "swedensouth",
    "switzerlandwest",
    "uaecentral",
    "ukwest",
    "westcentralus",
  ],
  ...["westindia", "westus"],
]);

/** Returns the availability zones of a region; none for a region without zones. */
export function zonesOfRegion(location: string): readonly string[] {
  return WITHOUT_ZONES.has(location) ? [] : AZURE_ZONES;
}
