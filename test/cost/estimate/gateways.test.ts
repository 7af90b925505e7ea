import { expect, test } from "vitest";
import { estimateCost } from "../../../cost/estimate/estimate.ts";
import { loadPrices } from "../../../cost/prices/load-prices.ts";
import { planned } from "../planned.ts";

const prices = loadPrices();

/** Charges of one resource: what, and USD a month. */
function charges(type: string, inputs: Record<string, unknown>): [string, number][] {
  const { byResource } = estimateCost([planned(type, "it", inputs)], { prices });
  return byResource.flatMap((resource) =>
    resource.charges.map(({ what, monthly }): [string, number] => [what, monthly.expected]),
  );
}

test("a public load balancer of AWS has an address in each subnet, and a private one has none", () => {
  const inputs = { region: "eu-central-1", loadBalancerType: "application", subnets: ["a", "b", "c"] };
  const type = "aws:lb/loadBalancer:LoadBalancer";
  const addresses = charges(type, inputs).find(([what]) => what === "public IPv4 addresses");
  expect(addresses?.[1]).toBeCloseTo(3 * 0.005 * 730, 1);
  expect(charges(type, { ...inputs, internal: true }).map(([what]) => what)).toEqual([
    "load balancer",
    "data",
  ]);
});

test("a web ACL of AWS costs five dollars, and one for each rule", () => {
  expect(charges("aws:wafv2/webAcl:WebAcl", { region: "eu-central-1", rules: [{}, {}] })).toEqual([
    ["web ACL", 5],
    ["rules", 2],
  ]);
});

test("a Cloud Armor policy costs five dollars, and one for each rule but that for everybody else", () => {
  expect(charges("gcp:compute/securityPolicy:SecurityPolicy", { rules: [{}, {}, {}] })).toEqual([
    ["policy", 5],
    ["rules", 2],
  ]);
});
