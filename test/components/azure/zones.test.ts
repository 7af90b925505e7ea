import { expect, test } from "vitest";
import { zonesOfRegion } from "../../../components/azure/zones.ts";

test.each([
  ["westeurope", ["1", "2", "3"]],
  ["germanywestcentral", ["1", "2", "3"]],
  ["westus", []],
  ["northcentralus", []],
])("%s has the zones %o", (location, zones) => {
  expect(zonesOfRegion(location)).toEqual(zones);
});
