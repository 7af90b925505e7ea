import { describe, expect, test } from "vitest";
import { estimateCost } from "../../../cost/estimate/estimate.ts";
import { formatCostMarkdown, formatCostText } from "../../../cost/format/format-cost.ts";
import { formatFineUsd } from "../../../cost/format/format-services.ts";
import type { PlannedResource } from "../../../cost/estimate/planned-resource.ts";
import { UNKNOWN } from "../../../cost/estimate/unknown-value.ts";
import { toSkuPrices, type PriceTable } from "../../../cost/prices/price-table.ts";
import type { ServiceCost } from "../../../cost/estimate/cost-estimate.ts";
import type { Measurement } from "../../../cost/services/throughput.ts";
import { planned } from "../planned.ts";

const REGION = { "eu-central-1": 0.4 };
const sku = (name: string, usd: number, gpus?: number) => ({
  sku: name,
  unit: "hour" as const,
  usd: { "eu-central-1": usd },
  source: "book",
  ...(gpus === undefined ? {} : { gpus }),
});
const prices: PriceTable = {
  aws: toSkuPrices({
    sources: { book: { url: "https://example.com/prices", date: "2025-03-02" } },
    prices: [
      sku("eks-cluster", 0.1),
      sku("m7i.2xlarge", 0.4),
      sku("m7i.large", 0.05),
      sku("x9.strange", 0.01),
      sku("g6.xlarge", 1, 1),
      { sku: "gp3", unit: "GiB-month", usd: REGION, source: "book" },
    ],
  }),
  gcp: {},
  azure: {},
};

const DIGEST = `sha256:${"a".repeat(64)}`;
const cluster = planned("aws:eks/cluster:Cluster", "cluster", { region: "eu-central-1" });
function pool(name: string, machine: string, more: Record<string, unknown> = {}): PlannedResource {
  return planned("aws:eks/nodeGroup:NodeGroup", name, {
    instanceTypes: [machine],
    scalingConfig: { minSize: 1, maxSize: 2 },
    labels: { "slipway.dev/pool": name },
    ...more,
  });
}
const big = pool("big", "m7i.2xlarge"); // 8 vCPUs, 32 GiB: 0.05 USD per core and hour
const tainted = pool("tainted", "m7i.large", {
  taints: [{ key: "CriticalAddonsOnly", effect: "NO_SCHEDULE" }],
});
const gpuPool = pool("gpu", "g6.xlarge", {
  labels: { "slipway.dev/gpu-type": "nvidia-l4" },
  taints: [{ key: "nvidia.com/gpu", effect: "NO_SCHEDULE" }],
});

interface Pods {
  cpu?: string;
  memory?: string;
  gpus?: number;
  model?: unknown;
}
function service({
  cpu = "500m",
  memory = "1Gi",
  gpus,
  model = `flight-delays/pushback/model@${DIGEST}`,
}: Pods = {}) {
  return planned("kubernetes:apps/v1:Deployment", "production-pushback-deployment", {
    metadata: { name: "pushback", namespace: UNKNOWN },
    spec: {
      replicas: 3,
      template: {
        spec: {
          ...(gpus === undefined
            ? {}
            : {
                nodeSelector: { "slipway.dev/gpu-type": "nvidia-l4" },
                tolerations: [{ key: "nvidia.com/gpu", operator: "Exists" }],
              }),
          containers: [
            {
              env: [
                { name: "SLIPWAY_MODEL", value: model },
                { name: "SLIPWAY_ENVIRONMENT", value: "production" },
              ],
              resources: {
                requests: { cpu, memory },
                limits: { cpu: "2", ...(gpus === undefined ? {} : { "nvidia.com/gpu": String(gpus) }) },
              },
            },
          ],
        },
      },
    },
  });
}

const measured: Measurement = {
  model: "flight-delays/pushback",
  digest: DIGEST,
  requestsPerSecond: 1000,
  rowsPerRequest: 1,
  cores: 0.4,
  machine: "2 x a processor",
  date: "2026-11-26",
  source: "a benchmark",
};

const costs = (resources: PlannedResource[], throughput: Measurement[] = []): ServiceCost[] =>
  estimateCost([cluster, ...resources], { prices, throughput }).services;

describe("the cost of a service", () => {
  test("is the share of a node that its pods request, in the cheapest pool that accepts them", () => {
    const [found] = costs([big, tainted, service()]);
    expect(found).toMatchObject({
      service: "production/pushback",
      model: "flight-delays/pushback",
      replicas: 3,
      pool: { name: "big", machine: "m7i.2xlarge", spot: false },
      inferences: [],
      unknown: "the throughput of flight-delays/pushback was not measured",
    });
    expect(found?.hourlyUsd).toBeCloseTo((3 * 0.4 * 0.5) / 8);
  });

  test("is the share of memory if that is larger", () => {
    expect(costs([big, service({ memory: "16Gi" })])[0]?.hourlyUsd).toBeCloseTo(3 * 0.4 * 0.5);
  });

  test("is the GPU's share of its node", () => {
    const [found] = costs([big, gpuPool, service({ gpus: 1 })]);
    expect(found?.pool?.name).toBe("gpu");
    expect(found?.hourlyUsd).toBeCloseTo(3);
  });

  test("is unknown, with a reason, if no pool accepts the pods or has room", () => {
    expect(costs([tainted, service()])[0]?.unknown).toContain("no priced pool of the plan accepts");
    expect(costs([pool("odd", "x9.strange"), service()])[0]?.unknown).toContain("no node of x9.strange");
    expect(costs([big, service({ cpu: "9" })])[0]?.unknown).toContain("no node of m7i.2xlarge");
  });

  test("is left out for unknown models, and for pods without a model", () => {
    expect(costs([big, service({ model: UNKNOWN })])).toEqual([]);
    expect(costs([big, service({ model: "nginx" })])).toEqual([]);
  });
});

describe("the cost of a thousand inferences", () => {
  test("follows from the throughput of one pod and its share of a node", () => {
    const [found] = costs([big, service()], [measured]);
    // half a core at 0.05 USD/h answers 3.6 million an hour
    expect(found?.inferences).toMatchObject([{ sameDigest: true, cores: 0.5, rowsPerRequest: 1 }]);
    expect(found?.inferences[0]?.usdPerThousand).toBeCloseTo(0.025 / 3600, 12);
    expect(found?.unknown).toBeUndefined();
  });

  test("uses the measured cores if pods request fewer", () => {
    const [found] = costs([big, service({ cpu: "100m" })], [measured]);
    expect(found?.inferences[0]?.cores).toBe(0.4);
    expect(found?.inferences[0]?.usdPerThousand).toBeCloseTo(0.02 / 3600, 12);
  });

  test("uses measurements of other versions, but not of other models or GPUs", () => {
    const other = { ...measured, digest: `sha256:${"b".repeat(64)}`, rowsPerRequest: 100 };
    const [found] = costs(
      [big, service()],
      [other, { ...measured, model: "flight-delays/two-hours-before" }, { ...measured, gpu: "nvidia-l4" }],
    );
    expect(found?.inferences).toMatchObject([{ sameDigest: false, rowsPerRequest: 100 }]);
  });

  test("is in the text and in the comment, with its origin", () => {
    const other = { ...measured, digest: `sha256:${"b".repeat(64)}` };
    const estimate = estimateCost([cluster, big, service()], { prices, throughput: [other] });
    const text = formatCostText(estimate);
    expect(text).toContain("SERVICE");
    expect(text).toMatch(/production\/pushback +flight-delays\/pushback +3 +\$0\.075 +1 +1000 +\$0\.0000069/);
    expect(text).toContain("measured on 2026-11-26 on 2 x a processor by a benchmark, of another version");
    const markdown = formatCostMarkdown(estimate);
    expect(markdown).toContain(
      "| production/pushback | flight-delays/pushback | 3 | $0.075 | 1 | 1000 | $0.0000069 |",
    );
  });

  test("is unknown if nothing was measured", () => {
    const estimate = estimateCost([cluster, big, service()], { prices });
    expect(formatCostText(estimate)).toContain("not known");
    expect(formatCostMarkdown(estimate)).toContain(
      "the throughput of flight-delays/pushback was not measured",
    );
  });
});

test.each([
  [0, "$0"],
  [240, "$240"],
  [1.26, "$1.3"],
  [0.0753, "$0.075"],
  [0.0000069444, "$0.0000069"],
])("%d is written as %s", (usd, text) => {
  expect(formatFineUsd(usd)).toBe(text);
});
