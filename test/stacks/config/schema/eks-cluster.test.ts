import { expect, test } from "vitest";
import { cloud, eks } from "./clouds.ts";
import { parseCluster } from "./parse-cluster.ts";

const ADMIN = "arn:aws:iam::123456789012:role/platform-admin";

test("on AWS, two zones are enough", () => {
  const zones = ["eu-central-1a", "eu-central-1c"];
  expect(parseCluster({ cluster: { ...eks, zones, adminRoleArns: [ADMIN] } }).cluster).toMatchObject({
    zones,
  });
});

test.each<[string, object, string]>([
  ["an invalid role", { adminRoleArns: ["admin"] }, "adminRoleArns.0: must be the ARN of a role"],
  [
    "another region's zones",
    { zones: ["eu-west-1a", "eu-west-1b", "eu-west-1c"] },
    "zones: must be different zones of eu-central-1",
  ],
  [
    "a zone twice",
    { zones: ["eu-central-1a", "eu-central-1a", "eu-central-1b"] },
    "zones: must be different zones of eu-central-1",
  ],
  ["one zone", { zones: ["eu-central-1a"] }, "zones"],
  ["four zones", { zones: ["eu-central-1a", "eu-central-1b", "eu-central-1c", "eu-central-1d"] }, "zones"],
  ["a role twice", { adminRoleArns: [ADMIN, ADMIN] }, "adminRoleArns: must name each role once"],
  ["another kind of NAT", { nat: "two" }, "nat"],
  [
    "a zone without EKS",
    { region: "us-east-1", zones: ["use1-az1", "use1-az3"] },
    "zones: must be zones that EKS supports: it creates no cluster in use1-az3",
  ],
  [
    "fewer nodes than zones",
    { nodePools: { cpu: { max: 2 } } },
    "nodePools.cpu.max: must be at least 3: each zone has nodes of its own",
  ],
  ["a viewer that is no role", { viewerRoleArns: ["viewer"] }, "viewerRoleArns.0: must be the ARN of a role"],
  [
    "a period that CloudWatch lacks",
    { podLogDays: 10 },
    "podLogDays: must be a period of CloudWatch: 1, 3, 5",
  ],
  [
    "a period of logs that CloudWatch lacks",
    { logDays: 100 },
    "logDays: must be a period of CloudWatch: 1, 3, 5",
  ],
  [
    "a release without its build",
    { nodeReleases: { bottlerocket: "1.62.0" } },
    "nodeReleases.bottlerocket: must be a version with its build, such as 1.62.0-1b2c3d4e",
  ],
  [
    "a version that is no add-on's",
    { addOnVersions: { coredns: "latest" } },
    "addOnVersions.coredns: must be a version such as v1.14.3-eksbuild.23",
  ],
  ["an endpoint twice", { vpcEndpoints: ["kms", "kms"] }, "vpcEndpoints: must name each service once"],
])("on AWS, refuses %s", (_what, more, message) => {
  expect(() => parseCluster({ cluster: { ...eks, ...more } })).toThrow(`slipway:cluster.${message}`);
});

test.each<[string | undefined, string]>([
  ["1.36", "1.35.4-20261020"],
  [undefined, "1.34.9-20260901"],
  ["1.35", "1.36.2-20261120"],
])(
  "on AWS with Kubernetes %s, refuses the Neuron image %s, and says how to get another",
  (version, neuron) => {
    const nodeReleases = { neuron };
    const neuronPools = { inf: { machine: "inf2.xlarge", max: 1 } };
    expect(() => parseCluster({ cluster: { ...eks, version, nodeReleases, neuronPools } })).toThrow(
      `slipway:cluster.nodeReleases.neuron: must be a release for Kubernetes ${version ?? "1.36"}, the version of the cluster, got "${neuron}"; npm run patch -- --stack NAME`,
    );
    expect(() => parseCluster({ cluster: { ...eks, version, nodeReleases } })).not.toThrow(); // no pool has the image
  },
);

test("on AWS, accepts a Neuron image of the version of the cluster, and any Bottlerocket", () => {
  const neuronPools = { inf: { machine: "inf2.xlarge", max: 1 } };
  const nodeReleases = { neuron: "1.35.4-20261020", bottlerocket: "1.62.0-1b2c3d4e" };
  expect(() =>
    parseCluster({ cluster: { ...eks, version: "1.35", nodeReleases, neuronPools } }),
  ).not.toThrow();
});

test.each<[string, object, string]>([
  [
    "a secret twice",
    { cloud: { ...cloud, secrets: ["slack", "slack"] } },
    "cloud.secrets: must name each secret once",
  ],
  [
    "an address of the budget twice",
    { cloud: { ...cloud, budget: { monthlyUsd: 1, emails: ["a@example.com", "a@example.com"] } } },
    "cloud.budget.emails: must name each address once",
  ],
  [
    "an administrator's network twice",
    { cluster: { ...eks, adminCidrs: ["203.0.113.7/32", "203.0.113.7/32"] } },
    "cluster.adminCidrs: must name each network once",
  ],
])("refuses %s", (_what, keys, message) => {
  expect(() => parseCluster({ ...keys })).toThrow(`slipway:${message}`);
});
