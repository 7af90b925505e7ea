import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { gpuMachine, gpuMachineFault, gpuTypesOf } from "../../../components/platform/gpu/gpu-machines.ts";
import { loadPrices } from "../../../cost/prices/load-prices.ts";
import { PRICED_CLOUDS, priceFileSchema } from "../../../cost/prices/price-table.ts";

const table = loadPrices();

describe("the repository's prices", () => {
  test.each(PRICED_CLOUDS)("of %s have a source, a date in the past and a plausible amount", (cloud) => {
    for (const [sku, { unit, regions }] of Object.entries(table[cloud]))
      for (const [region, { onDemand, spot, source, date }] of Object.entries(regions)) {
        const where = `${sku} in ${region}`;
        expect(source, where).toMatch(/^https:\/\//);
        expect(Date.parse(date), where).toBeLessThan(Date.parse("2026-12-01"));
        expect(onDemand, where).toBeGreaterThan(0);
        if (unit === "hour") expect(onDemand, where).toBeLessThan(150);
        if (spot !== undefined) expect(spot, where).toBeLessThan(onDemand!);
      }
  });

  /** Machines without a published price at hand: said in docs/cost.md, and in `unpriced` of an estimate. */
  const WITHOUT_PRICE = ["Standard_ND96isr_H200_v5"];

  test.each(PRICED_CLOUDS)(
    "of %s include every GPU machine of a pool, or leave it out on purpose",
    (cloud) => {
      for (const type of gpuTypesOf(cloud))
        for (const count of [1, 2, 4, 8].filter((some) => gpuMachineFault(cloud, type, some) === undefined)) {
          const { machine, accelerator } = gpuMachine(cloud, type, count);
          if (WITHOUT_PRICE.includes(machine)) {
            expect(table[cloud][machine]).toBeUndefined();
            continue;
          }
          expect(Object.keys(table[cloud][machine]?.regions ?? {}), machine).not.toEqual([]);
          if (machine.startsWith("n1-")) expect(table[cloud][accelerator!]?.gpus, machine).toBe(1);
          else expect(table[cloud][machine]?.gpus, machine).toBe(count);
        }
    },
  );

  test.each([
    // published: https://cloud.google.com/compute/vm-instance-pricing (g2-standard-4, a2-highgpu-1g, e2-standard-4)
    ["gcp", "g2-standard-4", "us-central1", 0.7068],
    ["gcp", "a2-highgpu-1g", "us-central1", 3.6734],
    ["gcp", "e2-standard-4", "us-central1", 0.134],
    // https://aws.amazon.com/ec2/pricing/on-demand/
    ["aws", "m7i.2xlarge", "us-east-1", 0.4032],
    ["aws", "p5.48xlarge", "us-east-1", 55.04],
    // https://azure.microsoft.com/pricing/details/virtual-machines/linux/
    ["azure", "Standard_D4s_v5", "eastus", 0.192],
    ["azure", "Standard_NC24ads_A100_v4", "eastus", 3.673],
  ] as const)("on %s, %s in %s is %d USD an hour, as published", (cloud, sku, region, usd) => {
    expect(table[cloud][sku]?.regions[region]?.onDemand).toBeCloseTo(usd, 3);
  });
});

describe("a file with your own prices", () => {
  const file = join(mkdtempSync(join(tmpdir(), "prices-")), "prices.override.json");
  const load = (content: unknown) => {
    writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
    return loadPrices({ overrideFile: file });
  };

  test("overrides the table, region by region, and keeps the rest", () => {
    const own = load({ aws: [{ sku: "m7i.large", usd: { "eu-central-1": 0.09 }, date: "2026-11" }] });
    expect(own.aws["m7i.large"]?.regions["eu-central-1"]).toMatchObject({ onDemand: 0.09, date: "2026-11" });
    expect(own.aws["m7i.large"]?.regions["us-east-1"]).toEqual(table.aws["m7i.large"]?.regions["us-east-1"]);
    expect(own.gcp).toEqual(table.gcp);
  });

  test("adds new SKUs, and a spot price alone keeps the on-demand price", () => {
    const own = load({
      azure: [
        { sku: "Standard_ND96isr_H200_v5", unit: "hour", usd: { eastus: 100 }, gpus: 8, date: "2026-11" },
        { sku: "Standard_D2s_v5", spot: { eastus: 0.01 }, date: "2026-11" },
      ],
    });
    expect(own.azure["Standard_ND96isr_H200_v5"]).toMatchObject({ unit: "hour", gpus: 8 });
    expect(own.azure["Standard_D2s_v5"]?.regions["eastus"]).toMatchObject({ onDemand: 0.096, spot: 0.01 });
  });

  test.each([
    [{ aws: [{ sku: "x", usd: { "eu-central-1": 1 }, date: "2026-11" }] }, "aws[0].unit must be set for x"],
    [
      { aws: [{ sku: "m7i.large", unit: "month", usd: {}, date: "2026-11" }] },
      "aws[0].unit must be hour, as m7i.large is priced in the table, got month",
    ],
    [{ aws: [{ sku: "m7i.large", usd: { "eu-central-1": -1 }, date: "2026-11" }] }, "aws[0].usd"],
    [{ aws: [{ sku: "m7i.large", usd: {} }] }, "aws[0].date"],
    [
      { aws: [{ sku: "m7i.large", usd: {}, date: "yesterday" }] },
      "must be a month or a day, such as 2025-08",
    ],
    [{ ibm: [] }, "ibm"],
    ["{", "must be JSON"],
  ])("is refused with the reason: %j", (content, message) => {
    expect(() => load(content)).toThrow(message);
    expect(() => load(content)).toThrow(file);
  });

  test("is refused if it does not exist", () => {
    expect(() => loadPrices({ overrideFile: `${file}.missing` })).toThrow("cannot be read: ENOENT");
  });
});

test("refuses a price file with an unknown source or a duplicate price", () => {
  const price = { sku: "a", unit: "hour", usd: { "eu-central-1": 1 }, source: "s" };
  const sources = { s: { url: "https://example.com", date: "2025-01" } };
  const messages = (prices: unknown[]): string[] =>
    priceFileSchema.safeParse({ sources, prices }).error?.issues.map(({ message }) => message) ?? [];
  expect(messages([price])).toEqual([]);
  expect(messages([{ ...price, source: "t" }])).toEqual(["must be one of the file's sources, got t"]);
  expect(messages([price, price])).toEqual(["must be priced once per region, got a in eu-central-1 twice"]);
});
