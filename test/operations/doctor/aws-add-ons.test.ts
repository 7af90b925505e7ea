import { expect, test } from "vitest";
import { awsAddOns } from "../../../operations/doctor/aws/add-ons.ts";
import type { CloudCli } from "../../../operations/doctor/cloud-cli.ts";
import type { PlannedResource } from "../../../operations/doctor/planned-resource.ts";
import { lines } from "./fake-cloud-cli.ts";

const addOn = (addonName: string, addonVersion: string): PlannedResource => ({
  type: "aws:eks/addon:Addon",
  deployed: false,
  name: addonName,
  inputs: { clusterName: "slipway", addonName, addonVersion },
});
const cluster = {
  type: "aws:eks/cluster:Cluster",
  deployed: false,
  name: "cluster",
  inputs: { version: "1.36" },
};
const planned = [
  cluster,
  addOn("coredns", "v1.14.3-eksbuild.23"),
  addOn("metrics-server", "v0.9.0-eksbuild.11"),
];
const offering =
  (json: unknown, calls: string[] = []): CloudCli =>
  (args) => {
    calls.push(args.join(" "));
    return Promise.resolve({ ok: true, json });
  };

test("add-ons are right in versions that EKS offers for the version of Kubernetes", async () => {
  const calls: string[] = [];
  const offered = [
    { addonName: "coredns", versions: ["v1.14.4-eksbuild.1", "v1.14.3-eksbuild.23"] },
    { addonName: "metrics-server", versions: ["v0.9.0-eksbuild.11"] },
  ];
  expect(lines(await awsAddOns(offering(offered, calls), "eu-central-1", planned))).toEqual([
    "ok add-on coredns: v1.14.3-eksbuild.23",
    "ok add-on metrics-server: v0.9.0-eksbuild.11",
  ]);
  expect(calls).toEqual([
    expect.stringContaining("--kubernetes-version 1.36 --owners aws community --query addons") as string,
  ]);
});

test("an add-on in a version that EKS does not offer is wrong, and the newest one is the fix", async () => {
  const offered = [{ addonName: "coredns", versions: ["v1.14.4-eksbuild.1", "v1.14.4-eksbuild.0"] }];
  expect(await awsAddOns(offering(offered), "eu-central-1", planned)).toEqual([
    {
      subject: "add-on coredns",
      state: "wrong",
      found: "v1.14.3-eksbuild.23 is not offered",
      needed: "offered for Kubernetes 1.36",
      fix: 'cluster.addOnVersions: { coredns: "v1.14.4-eksbuild.1" }',
    },
    expect.objectContaining({
      subject: "add-on metrics-server",
      state: "wrong",
      fix: "cluster.addOnVersions.metrics-server: a version that EKS offers",
    }),
  ]);
});

test("add-ons are not known where AWS may not be asked, and a plan without any asks nothing", async () => {
  const refused: CloudCli = () => Promise.resolve({ ok: false, missing: false, reason: "AccessDenied" });
  expect(lines(await awsAddOns(refused, "eu-central-1", planned))).toEqual([
    "unknown versions of add-ons: AccessDenied",
  ]);
  const calls: string[] = [];
  expect(await awsAddOns(offering([], calls), "eu-central-1", [cluster])).toEqual([]);
  expect(calls).toEqual([]);
});
