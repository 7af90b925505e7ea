import { expect, test } from "vitest";
import { GCP_REGIONS } from "../../../components/gcp/regions.ts";
import { loadPrices } from "../../../cost/prices/load-prices.ts";

test("each region is named once, and every region with a price is among them", () => {
  expect(GCP_REGIONS).toEqual([...new Set(GCP_REGIONS)].sort());
  const priced = Object.values(loadPrices().gcp).flatMap(({ regions }) => Object.keys(regions));
  for (const region of new Set(priced)) if (region !== "global") expect(GCP_REGIONS).toContain(region);
});
