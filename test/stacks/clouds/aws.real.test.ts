import { beforeAll, expect, test } from "vitest";
import { destroy, preview, stackResources, up } from "../../../local/engine/engine.ts";
import { awsOutputs } from "../../components/aws-outputs.ts";
import { temporaryFolder } from "../../local/engine/scripted-run.ts";
import { fakes, liveAndDie, nameOf, orderFaults, outlivedBy, programOptions, type Life } from "./life.ts";

let life: Life;
beforeAll(async () => {
  life = await liveAndDie("aws", { aws: awsOutputs });
}, 120_000);

test("nothing is made before what it needs, nothing outlives it, and nothing is left", () => {
  expect(orderFaults(life)).toEqual([]);
  expect(life.left).toBe(0);
  expect(life.created.length).toBeGreaterThan(150);
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
  [
    "cluster-autoscaler-deployment",
    "cluster-cpu-group",
    "or it makes new nodes for the pods of those that go",
  ],
  ["cluster-autoscaler-deployment", "cluster-autoscaler-access-policy", "it needs its rights to the end"],
  ["cluster-cpu-group", "cluster-ebs-csi-access-policy", "the driver on it deletes volumes to the end"],
  ["neuron-daemon", "neuron-binding", "it needs its rights to the end"],
  ["objects-bucket", "objects-encryption-key", "what is encrypted needs its key"],
  ["objects-bucket", "objects-logs-policy", "it logs to the end"],
  ["registry-slipway-runtime", "registry-encryption-key", "what is encrypted needs its key"],
])("%s goes before %s: %s", (first, then) => {
  expect(outlivedBy(life, first, then)).toBe(true);
  expect(outlivedBy(life, then, first)).toBe(false);
});

test("what is protected makes a destroy refuse before anything is deleted", async () => {
  const deleted: string[] = [];
  const options = {
    ...programOptions("aws", true),
    backendDir: temporaryFolder(),
    providers: fakes({ aws: awsOutputs }, [], deleted),
  };
  expect((await up(options)).failed).toEqual([]);
  const before = await stackResources(options);
  const refused = await destroy(options);
  expect(refused.ok).toBe(false);
  expect(refused.failed.map(({ urn }) => nameOf(urn))).toContain("objects-bucket");
  expect(refused.failed[0]?.reasons.join()).toMatch(/cannot be deleted: it is protected; take `protect` off/);
  expect(deleted).toEqual([]);
  expect(await stackResources(options)).toEqual(before);
}, 120_000);

test("a first preview needs no credentials, no cluster and no CLI, and makes up no value", async () => {
  const summary = await preview({
    ...programOptions("aws"),
    backendDir: "/nonexistent/slipway-no-backend",
    unreachableClusters: "plan",
  });
  expect(summary.failed).toEqual([]);
  const planned = summary.planned ?? [];
  expect(planned.map(({ urn }) => urn)).toEqual(expect.arrayContaining(life.created));
  const provider = planned.find(({ urn }) => nameOf(urn) === "cluster-provider");
  expect(typeof provider?.inputs["kubeconfig"]).not.toBe("string");
  const cluster = planned.find(({ urn }) => nameOf(urn) === "cluster-control-plane-cluster");
  expect(cluster?.inputs).toMatchObject({ name: "slipway", version: "1.35" });
}, 60_000);
