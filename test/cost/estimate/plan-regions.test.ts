import { describe, expect, test } from "vitest";
import { estimateCost } from "../../../cost/estimate/estimate.ts";
import type { PlannedResource } from "../../../cost/estimate/planned-resource.ts";
import { UNKNOWN } from "../../../cost/estimate/unknown-value.ts";
import { planned } from "../planned.ts";
import { prices } from "../round-prices.ts";

describe("the region of a resource", () => {
  const key = (inputs: Record<string, unknown>, provider?: string): PlannedResource => ({
    ...planned("aws:kms/key:Key", "key", inputs),
    ...(provider === undefined ? {} : { provider }),
  });
  const provider = planned("pulumi:providers:aws", "aws", { region: "eu-central-1" });
  const why = (resources: PlannedResource[]): string[] =>
    estimateCost(resources, { prices }).unpriced.map((gap) => gap.why);

  test("comes from its inputs, else from its provider, else from the only region of the plan", () => {
    expect(why([key({ region: "eu-central-1" })])).toEqual([]);
    expect(why([provider, key({}, `${provider.urn}::an-id`)])).toEqual([]);
    expect(why([provider, key({}, `${provider.urn}::${UNKNOWN}`)])).toEqual([]);
    expect(why([provider, key({})])).toEqual([]);
    expect(why([key({})])).toEqual(["unknown value"]);
    expect(why([provider, key({ region: "ap-south-1" })])).toEqual(["other region"]);
  });

  test("is derived from a zone, and from the display name of an Azure region", () => {
    const pool = { zone: "europe-west4-a", type: "pd-balanced", size: 10 };
    const cluster = { location: "Germany West Central", agentPoolProfiles: [{ vmSize: "Standard_D2s_v5" }] };
    const resources = [
      planned("gcp:compute/disk:Disk", "disk", pool),
      planned("azure-native:containerservice:ManagedCluster", "cluster", cluster),
    ];
    expect(estimateCost(resources, { prices }).unpriced).toEqual([]);
  });
});
