import { resolve } from "node:path";
import { expect, test } from "vitest";
import { estimateStack } from "../../cli/preview/estimate-stack.ts";
import { planFoundation, planStack } from "./plan-stack.ts";
import { digest } from "./stack.ts";

const root = resolve(import.meta.dirname, "../..");
const service = { workload: "flight-delays", model: { digest }, gateway: true };
const clientCidrs = ["203.0.113.0/24"];
const jwt = { kind: "jwt", issuer: "https://id.example.com", jwksEndpoint: "https://id.example.com/jwks" };

const keys = { kind: "api-keys", secret: "api-keys" };
const limit = { requestsPer5Minutes: 1000 };

test.each<[string, object, object, object, string[]]>([
  ["prod", jwt, limit, { delegated: true }, ["staging-gateway-alb", "production-gateway-limits"]],
  [
    "prod-gcp",
    { kind: "iap", members: ["group:apps@example.com"] },
    limit,
    { ingress: true },
    ["production-gateway-limits"],
  ],
  ["prod-azure", keys, {}, { ingress: true }, ["staging-gateway-gateway", "production-gateway-gateway"]],
])(
  "%s with gateways is planned without its cloud, passes every policy, and has a price",
  async (stack, otherAuth, limits, dns, priced) => {
    const { ok, failed, policy, steps } = await planStack(stack, {
      cloud: { dns: { zone: "ml.example.com", ...dns } },
      environments: {
        staging: { gateway: { clientCidrs, auth: otherAuth }, services: { pushback: service } },
        production: {
          gateway: { clientCidrs, auth: keys, ...limits },
          services: { pushback: service },
        },
      },
    });
    expect(failed).toEqual([]);
    expect(policy.violations).toEqual([]);
    expect(ok).toBe(true);
    const { now } = estimateStack(steps, false, root);
    expect(now.byResource.map(({ name }) => name)).toEqual(expect.arrayContaining(priced));
    expect(now.unpriced.filter(({ why }) => why === "unknown type" || why === "unknown value")).toEqual([]);
  },
  60_000,
);

test("a foundation on Azure for gateways passes every policy, and all of it has a price", async () => {
  const { ok, failed, policy, steps } = await planFoundation("prod-azure", {
    dns: { zone: "ml.example.com", ingress: true },
  });
  expect(failed).toEqual([]);
  // The GPU pool of the shipped stack is in a region that the prices lack.
  expect(policy.violations.filter(({ policy: rule }) => rule !== "platform-cost-known")).toEqual([]);
  expect(ok).toBe(true);
  const { now } = estimateStack(steps, false, root);
  expect(now.unpriced.filter(({ why }) => why === "unknown type" || why === "unknown value")).toEqual([]);
}, 60_000);
