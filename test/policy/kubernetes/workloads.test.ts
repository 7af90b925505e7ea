import { describe, expect, it, test } from "vitest";
import { servingEnvSchema } from "../../../runtime/contract/env.ts";
import { judge } from "../judge.ts";
import { goodDeployment } from "../violations/kubernetes.ts";
import { setAt } from "../violations/planned.ts";
import type { Planned } from "../violations/planned.ts";

const FIRST = "spec.template.spec.containers.0";
const DIGEST = `sha256:${"a".repeat(64)}`;

function deployment(set: Record<string, unknown>): Planned[] {
  const planned = structuredClone(goodDeployment("d"));
  for (const [path, value] of Object.entries(set)) setAt(planned[0]!.inputs, path, value);
  return planned;
}

describe("kubernetes-image-registry", () => {
  const refused = (image: string, registries?: string[]): boolean =>
    judge(
      "kubernetes-image-registry",
      deployment({ [`${FIRST}.image`]: `${image}@${DIGEST}` }),
      registries === undefined ? {} : { config: { registries } },
    ).length > 0;

  test.each([
    "10.88.0.1:5000/slipway/runtime",
    "127.0.0.1:5000/runtime",
    "localhost:5000/runtime",
    "417366251839.dkr.ecr.eu-central-1.amazonaws.com/slipway/runtime",
    "europe-west4-docker.pkg.dev/project/slipway/runtime",
    "slipway.azurecr.io/runtime",
  ])("takes %s", (image) => expect(refused(image)).toBe(false));

  test.each([
    "10.evil.example/runtime",
    "10.88.0.1.evil.example/runtime",
    "10.88.0.1:5000.evil.example/runtime",
    "evil.example/10.88.0.1/runtime",
    "evil.example/slipway.azurecr.io/runtime",
    "slipway.azurecr.io.evil.example/runtime",
    "team/runtime",
    "runtime",
  ])("refuses %s", (image) => expect(refused(image)).toBe(true));

  it("accepts only images below a registry with a path", () => {
    const registries = ["registry.example/team", "192.168.*/ml"];
    expect(refused("registry.example/team/runtime", registries)).toBe(false);
    expect(refused("192.168.1.2:5000/ml/runtime", registries)).toBe(false);
    for (const image of [
      "registry.example/team",
      "registry.example/teams/runtime",
      "registry.example/other/team/runtime",
      "192.168.evil.example/ml/runtime",
    ])
      expect(refused(image, registries)).toBe(true);
  });
});

describe("kubernetes-grace-period", () => {
  const found = (env: unknown[], seconds?: number): string[] =>
    judge(
      "kubernetes-grace-period",
      deployment({
        [`${FIRST}.env`]: env,
        "spec.template.spec.terminationGracePeriodSeconds": seconds,
      }),
    ).map(({ message }) => message);
  const model = { name: "SLIPWAY_MODEL", value: "registry/flight-delays/pushback/model" };

  it("uses the default drain time of a Slipway server without the variable", () => {
    const { SLIPWAY_DRAIN_SECONDS: drain } = servingEnvSchema.pick({ SLIPWAY_DRAIN_SECONDS: true }).parse({});
    expect(found([model], 5 + drain)).toEqual([
      expect.stringContaining(`at least ${5 + drain + 1} (preStop 5 + drain ${drain} + 1)`),
    ]);
    expect(found([model], 5 + drain + 1)).toEqual([]);
  });

  it("assumes no drain time for other containers", () => expect(found([], 6)).toEqual([]));

  it("uses Kubernetes' 30 seconds if the pod sets no grace period", () => {
    const drain = (value: string) => [{ name: "SLIPWAY_DRAIN_SECONDS", value }];
    expect(found(drain("24"))).toEqual([]);
    expect(found(drain("25"))).toHaveLength(1);
  });
});

test("patterns of production stacks are literal except for `*`", () => {
  const nodes = {
    name: "gpus",
    type: "aws:eks/nodeGroup:NodeGroup",
    inputs: { instanceTypes: ["p5.48xlarge"], scalingConfig: { minSize: 1 } },
  };
  const found = (stack: string): number =>
    judge("platform-gpu-pools-scale-to-zero", [nodes], {
      config: { productionStacks: ["prod.eu", "live-*"] },
      context: { stack },
    }).length;
  expect(["prod.eu", "live-1"].map(found)).toEqual([0, 0]);
  expect(["prodXeu", "not-live-1"].map(found)).toEqual([1, 1]);
});
