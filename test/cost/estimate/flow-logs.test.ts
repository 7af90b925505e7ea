import { describe, expect, test } from "vitest";
import { estimateCost } from "../../../cost/estimate/estimate.ts";
import { loadPrices } from "../../../cost/prices/load-prices.ts";
import { planned } from "../planned.ts";

const prices = loadPrices();

/** Charges of one resource with 20 GiB of flow logs a month: what, and USD. */
function charges(type: string, inputs: Record<string, unknown>): [string, number][] {
  const { byResource, unpriced } = estimateCost([planned(type, "it", inputs)], {
    prices,
    usage: { flowLogGib: 20 },
  });
  expect(unpriced).toEqual([]);
  return byResource.flatMap((resource) =>
    resource.charges.map(({ what, monthly }): [string, number] => [what, monthly.expected]),
  );
}

describe("flow logs", () => {
  test("of AWS in a log group are priced with the group", () => {
    expect(charges("aws:ec2/flowLog:FlowLog", { region: "us-east-1" })).toEqual([]);
  });

  test("of AWS in a bucket are priced by the data written", () => {
    const inputs = { region: "us-east-1", logDestinationType: "s3" };
    expect(charges("aws:ec2/flowLog:FlowLog", inputs)).toEqual([["flow logs written", 5]]);
  });

  test("of Google Cloud are priced with their subnetwork", () => {
    const type = "gcp:compute/subnetwork:Subnetwork";
    expect(charges(type, { region: "europe-west4" })).toEqual([]);
    expect(charges(type, { region: "europe-west4", logConfig: { flowSampling: 0.5 } })).toEqual([
      ["flow logs written", 5],
    ]);
  });

  test("of Google Cloud, and all other logs of the bucket _Default, cost extra only after 30 days", () => {
    const type = "gcp:logging/projectBucketConfig:ProjectBucketConfig";
    const bucket = { bucketId: "_Default", location: "global" };
    expect(charges(type, { ...bucket, retentionDays: 30 })).toEqual([]);
    // 11 months of 20 GiB of flow logs, 10 GiB of the pods and 30 GiB of the control plane
    expect(charges(type, { ...bucket, retentionDays: 360 })).toEqual([["logs kept", 0.01 * 60 * 11]]);
    expect(charges(type, { bucketId: "own", location: "global" })).toEqual([["logs written", 5]]);
  });

  test.each([
    [undefined, []],
    [{ enabled: false }, []],
    [{ enabled: true, trafficAnalyticsInterval: 60 }, [["flow logs analysed", 46]]],
    [{ enabled: true, trafficAnalyticsInterval: 10 }, [["flow logs analysed", 70]]],
  ])("of Azure are priced for collection and, with %j, analytics", (analytics, more) => {
    const inputs = {
      location: "germanywestcentral",
      flowAnalyticsConfiguration: { networkWatcherFlowAnalyticsConfiguration: analytics },
    };
    expect(charges("azure-native:network:FlowLog", inputs)).toEqual([["flow logs collected", 10], ...more]);
  });
});
