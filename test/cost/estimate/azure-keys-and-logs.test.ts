import { expect, test } from "vitest";
import { estimateCost } from "../../../cost/estimate/estimate.ts";
import { loadPrices } from "../../../cost/prices/load-prices.ts";
import { planned } from "../planned.ts";

const prices = loadPrices();

/** Monthly USD of a resource by what is charged, with 20 GiB of logs. */
function monthly(type: string, inputs: Record<string, unknown>): Record<string, number> {
  const resource = planned(type, "it", { location: "westeurope", ...inputs });
  const { byResource, unpriced } = estimateCost([resource], { prices, usage: { logGib: 20 } });
  expect(unpriced).toEqual([]);
  const charges = byResource.flatMap((one) => one.charges);
  return Object.fromEntries(charges.map(({ what, monthly: cost }) => [what, cost.expected]));
}

test.each([
  [{ kty: "RSA", keySize: 3072 }, {}],
  [{ kty: "RSA-HSM", keySize: 2048 }, { key: 1 }],
  [{ kty: "RSA-HSM", keySize: 3072 }, { key: 5 }],
  [{ kty: "RSA-HSM", keySize: 4096 }, { key: 5 }],
  [{ kty: "EC-HSM" }, { key: 5 }],
])("a key of Key Vault with %o costs %o a month", (properties, charges) => {
  expect(monthly("azure-native:keyvault:Key", { properties })).toEqual(charges);
});

test("logs of pods are priced like other logs in Log Analytics", () => {
  const workspace = monthly("azure-native:operationalinsights:Workspace", {});
  const rule = monthly("azure-native:monitor:DataCollectionRule", {});
  expect(rule["logs of pods"]).toBeGreaterThan(0);
  expect(rule["logs of pods"]).toBe(workspace["logs written"]);
});
