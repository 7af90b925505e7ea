import { expect, test } from "vitest";
import { AZURE_REGIONS } from "../../../components/azure/regions.ts";
import { loadPrices } from "../../../cost/prices/load-prices.ts";

test("each region is named once, and every region with a price is among them", () => {
  expect(AZURE_REGIONS).toEqual([...new Set(AZURE_REGIONS)].sort());
  const priced = Object.values(loadPrices().azure).flatMap(({ regions }) => Object.keys(regions));
  for (const region of new Set(priced)) if (region !== "global") expect(AZURE_REGIONS).toContain(region);
});
