import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { preview } from "../../../local/engine/engine.ts";
import type { Summary } from "../../../local/engine/summary.ts";

/** The whole foundation, planned without a cluster and without credentials. */
let summary: Summary;
let planned: NonNullable<Summary["planned"]>;
/** URN → what it directly needs. */
const needs = new Map<string, string[]>();

beforeAll(async () => {
  summary = await preview({
    projectDir: join(import.meta.dirname, "aws-project"),
    stack: "prod",
    backendDir: "/nonexistent/slipway-no-backend",
    passphrase: "",
    unreachableClusters: "plan",
    // Without any way to AWS.
    env: { PATH: process.env["PATH"], HOME: "/nonexistent" },
  });
  planned = summary.planned ?? [];
  for (const { urn, dependencies, propertyDependencies, provider } of planned)
    needs.set(urn, [
      ...dependencies,
      ...Object.values(propertyDependencies).flat(),
      ...(provider === undefined ? [] : [provider.slice(0, provider.lastIndexOf("::"))]),
    ]);
}, 120_000);

const urnOf = (name: string): string => {
  const found = [...needs.keys()].filter((urn) => urn.endsWith(`::${name}`));
  if (found.length !== 1 || found[0] === undefined) throw new Error(`${found.length} resources ${name}`);
  return found[0];
};

/** Whether one resource is there only while another is, however many lie between. */
function outlivedBy(name: string, other: string): boolean {
  const goal = urnOf(other);
  const seen = new Set<string>();
  const open = [urnOf(name)];
  for (let urn = open.pop(); urn !== undefined; urn = open.pop())
    for (const next of needs.get(urn) ?? [])
      if (!seen.has(next)) {
        seen.add(next);
        open.push(next);
      }
  return seen.has(goal);
}

test("the whole foundation is planned without credentials, a cluster or a CLI", () => {
  expect(summary.ok).toBe(true);
  expect(planned.filter(({ type }) => type === "aws:eks/nodeGroup:NodeGroup")).toHaveLength(4);
});

test.each([
  ["staging-namespace", "cluster-cpu-group", "pods need nodes"],
  ["staging-namespace", "cluster-coredns-add-on", "pods need names"],
  ["staging-namespace", "cluster-ebs-csi-add-on", "volumes are deleted by their driver"],
  ["cluster-coredns-add-on", "cluster-system-group", "names are served from nodes"],
  ["cluster-ebs-csi-add-on", "cluster-ebs-csi-access-policy", "the driver needs its rights to the end"],
  ["cluster-gpu-l4-nodes-group", "cluster-vpc-cni-add-on", "a node needs a network to be ready"],
  ["cluster-cpu-group", "cluster-vpc-cni-access-AmazonEKS_CNI_Policy", "the network needs its rights"],
  ["cluster-cpu-group", "cluster-node-role-AmazonEKSWorkerNodePolicy", "a node needs its rights to leave"],
  ["cluster-cpu-group", "network-private-0-route", "a node reaches EKS by the way out"],
  ["cluster-cpu-group", "network-endpoint-ecr-dkr", "a node pulls images by the endpoints"],
  ["cluster-control-plane-cluster", "cluster-control-plane-policy", "EKS deletes its interfaces itself"],
  ["cluster-control-plane-cluster", "cluster-control-plane-logs", "or EKS would make them anew"],
  ["cluster-control-plane-cluster", "network-vpc", "its interfaces lie in the network"],
  ["network-private-0-route", "network-nat-0", "the way out leads through a gateway"],
  ["network-nat-0", "network-gateway", "its address is the internet gateway's"],
  ["network-nat-0-address", "network-gateway", "an address in use holds the gateway"],
  ["network-nat-0", "network-public-0-routes", "a gateway needs a way out itself"],
  ["network-flow-log", "network-flow-policy", "or the last records are lost"],
  ["redis-replicas", "redis-group", "interfaces hold the group"],
  ["database-instance", "database-monitoring-policy", "it sends metrics to the end"],
  ["objects-logging", "objects-logs-policy", "S3 checks that it may write when it is turned on"],
  ["registry-slipway-runtime", "registry-encryption-key", "what is encrypted needs its key"],
])("%s goes before %s: %s", (first, then) => {
  expect(outlivedBy(first, then)).toBe(true);
  expect(outlivedBy(then, first)).toBe(false);
});

test("what was known without AWS is in the plan, what was not is not made up", () => {
  const provider = planned.find(({ urn }) => urn === urnOf("cluster-provider"));
  expect(typeof provider?.inputs["kubeconfig"]).not.toBe("string");
  const cluster = planned.find(({ urn }) => urn === urnOf("cluster-control-plane-cluster"));
  expect(cluster?.inputs).toMatchObject({ name: "slipway", version: "1.35" });
});
