import { expect, test } from "vitest";
import { neededImages } from "../../../stacks/config/needed-images.ts";
import { parseStack } from "../stack.ts";

const CONTROLLER = "aws-load-balancer-controller";
const delegated = { zone: "ml.example.com", delegated: true };
const withGateway = {
  "slipway:environments": {
    production: {
      gateway: { clientCidrs: ["203.0.113.0/24"], auth: { kind: "api-keys", secret: "api-keys" } },
      services: { pushback: { workload: "flight-delays", gateway: true } },
    },
  },
};

async function needsController(
  stack: string,
  overrides: Record<string, unknown>,
  dns: object | undefined,
): Promise<boolean> {
  const { config } = await parseStack(stack, overrides, { cloud: { dns } });
  return neededImages(config, { buildsRuntime: false }).includes(CONTROLLER);
}

test.each<[string, string, Record<string, unknown>, object | undefined, boolean]>([
  ["a platform on EKS with a gateway", "prod", withGateway, delegated, true],
  ["a platform on EKS without one", "prod", {}, delegated, false],
  [
    "a platform on GKE with a gateway",
    "prod-gcp",
    withGateway,
    { zone: "ml.example.com", ingress: true },
    false,
  ],
  ["a foundation on EKS whose zone has a certificate", "prod-foundation", {}, delegated, true],
  ["a foundation on EKS without a zone", "prod-foundation", {}, undefined, false],
])(
  "whether %s needs the image of the load balancer controller",
  async (_title, stack, overrides, dns, needs) => {
    expect(await needsController(stack, overrides, dns)).toBe(needs);
  },
);
