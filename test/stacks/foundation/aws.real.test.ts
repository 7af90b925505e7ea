import { expect, test } from "vitest";
import { preview } from "../../../local/engine/engine.ts";
import { awsProgram } from "./cloud-programs.ts";
import { engineOptions } from "./fake-clouds.ts";
import { Lifetimes, nameOf } from "./lifetimes.ts";
import { livesInOrder } from "./lives-in-order.ts";

livesInOrder(awsProgram, [
  ["cluster-cpu-group", "staging-namespace", "pods need nodes"],
  ["cluster-coredns-add-on", "staging-namespace", "pods need names"],
  ["cluster-ebs-csi-add-on", "staging-namespace", "volumes are deleted by their driver"],
  ["cluster-system-group", "cluster-coredns-add-on", "names are served from nodes"],
  ["cluster-ebs-csi-access-policy", "cluster-ebs-csi-add-on", "the driver needs its rights to the end"],
  ["cluster-vpc-cni-add-on", "cluster-gpu-l4-nodes-group", "a node needs a network to be ready"],
  ["cluster-vpc-cni-access-AmazonEKS_CNI_Policy", "cluster-cpu-group", "the network needs its rights"],
  ["cluster-node-role-AmazonEKSWorkerNodePolicy", "cluster-cpu-group", "a node needs its rights to leave"],
  ["network-private-0-route", "cluster-cpu-group", "a node reaches EKS by the way out"],
  ["network-endpoint-ecr-dkr", "cluster-cpu-group", "a node pulls images by the endpoints"],
  ["cluster-control-plane-policy", "cluster-control-plane-cluster", "EKS deletes its interfaces itself"],
  ["cluster-control-plane-logs", "cluster-control-plane-cluster", "or EKS would make them anew"],
  ["network-vpc", "cluster-control-plane-cluster", "its interfaces lie in the network"],
  ["network-nat-0", "network-private-0-route", "the way out leads through a gateway"],
  ["network-gateway", "network-nat-0", "its address is the internet gateway's"],
  ["network-gateway", "network-nat-0-address", "an address in use holds the gateway"],
  ["network-public-0-routes", "network-nat-0", "a gateway needs a way out itself"],
  ["network-flow-policy", "network-flow-log", "or the last records are lost"],
  ["redis-group", "redis-replicas", "interfaces hold the group"],
  ["database-monitoring-policy", "database-instance", "it sends metrics to the end"],
  ["objects-logs-policy", "objects-logging", "S3 checks that it may write when it is turned on"],
  ["registry-encryption-key", "registry-slipway-runtime", "what is encrypted needs its key"],
  ["network-endpoint-s3", "cluster-cpu-group", "layers of images come from S3"],
  [
    "cluster-ebs-csi-access-AmazonEBSCSIDriverPolicy",
    "cluster-system-group",
    "the driver runs as long as nodes",
  ],
  ["cluster-ebs-csi-access-policy", "cluster-gpu-l4-nodes-group", "the driver runs as long as nodes"],
  ["cluster-volumes-key", "cluster-cpu-group", "volumes are encrypted to the end"],
  ["cluster-system-group", "cluster-autoscaler-deployment", "it would make new nodes for old pods"],
  ["cluster-autoscaler-access-policy", "cluster-autoscaler-deployment", "it scales by its rights"],
  ["neuron-binding", "neuron-daemon", "it reads nodes by its rights"],
  ["cluster-control-plane-secrets-key", "cluster-control-plane-cluster", "etcd is encrypted to the end"],
  ["cluster-control-plane-cluster", "redis-ingress", "a group that a rule names cannot go"],
  ["cluster-control-plane-cluster", "database-ingress", "a group that a rule names cannot go"],
  ["cluster-control-plane-oidc", "staging-pushback-identity-role"],
  ["network-vpc", "redis-group", "a network with groups cannot go"],
  ["redis-subnets", "redis-replicas", "interfaces hold the subnets"],
  ["database-group", "database-instance", "interfaces hold the group"],
  ["network-private-0", "database-subnets", "interfaces hold the subnets"],
  ["network-endpoints", "network-endpoint-ecr-dkr", "interfaces hold the group"],
  ["redis-encryption-key", "redis-replicas", "what is encrypted needs its key"],
  ["database-encryption-key", "database-instance", "what is encrypted needs its key"],
  ["secrets-encryption-key", "secrets-slack-webhook", "what is encrypted needs its key"],
  ["logs-encryption-key", "cluster-control-plane-logs", "what is encrypted needs its key"],
  ["logs-encryption-key", "network-flow-logs", "what is encrypted needs its key"],
  ["objects-encryption-key", "objects-bucket", "what is encrypted needs its key"],
  ["objects-logs-policy", "objects-bucket", "it logs as long as it is there"],
  ["objects-logs-bucket", "objects-bucket", "logs that come would keep it from going"],
  ["staging-pushback-identity-policy", "staging-pushback-deployment", "a pod has its rights to the end"],
  ["platform-training-identity-policy", "training-train", "a pod has its rights to the end"],
  ["redis-replicas", "staging-pushback-deployment", "a pod reads and logs to the end"],
  ["dns-proof", "dns-validation", "it is proven by the record"],
]);

test("repositories need their key alone, so that images can be mirrored while the cluster is made", async () => {
  const lifetimes = await Lifetimes.of(awsProgram);
  const repositories = lifetimes.created.filter((urn) => urn.includes("aws:ecr/repository:Repository::"));
  expect(repositories.length).toBeGreaterThan(10);
  const needed = new Set(repositories.flatMap((urn) => lifetimes.needsOf(urn)).map(nameOf));
  expect([...needed]).toEqual(["registry-encryption-key"]);
}, 60_000);

test("what was known without AWS is in the plan, what was not is not made up", async () => {
  const { planned } = await preview({ ...engineOptions(awsProgram, true), unreachableClusters: "plan" });
  const inputsOf = (name: string): Record<string, unknown> | undefined =>
    planned?.find(({ urn }) => nameOf(urn) === name)?.inputs;
  expect(typeof inputsOf("cluster-provider")?.["kubeconfig"]).not.toBe("string");
  expect(inputsOf("cluster-control-plane-cluster")).toMatchObject({ name: "slipway", version: "1.35" });
}, 60_000);
