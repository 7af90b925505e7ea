import { expect, test } from "vitest";
import { preview } from "../../../local/engine/engine.ts";
import { awsProgram } from "./cloud-programs.ts";
import { engineOptions } from "./fake-clouds.ts";
import { Lifetimes, nameOf } from "./lifetimes.ts";
import { livesInOrder } from "./lives-in-order.ts";

livesInOrder(awsProgram, [
  ["cluster-cpu-0-group", "staging-namespace", "pods need nodes"],
  ["cluster-coredns-add-on", "staging-namespace", "pods need DNS"],
  ["cluster-ebs-csi-add-on", "staging-namespace", "the driver deletes the volumes"],
  ["cluster-system-group", "cluster-coredns-add-on", "the DNS pods run on these nodes"],
  ["cluster-ebs-csi-access-policy", "cluster-ebs-csi-add-on", "the driver needs its rights until it ends"],
  ["cluster-vpc-cni-add-on", "cluster-gpu-l4-nodes-group", "a node needs a network to be ready"],
  [
    "cluster-vpc-cni-access-AmazonEKS_CNI_Policy",
    "cluster-cpu-0-group",
    "the network plugin needs its rights",
  ],
  [
    "cluster-node-role-AmazonEKSWorkerNodePolicy",
    "cluster-cpu-0-group",
    "a node needs its rights until it ends",
  ],
  ["network-private-0-route", "cluster-cpu-0-group", "a node reaches EKS through this route"],
  ["network-endpoint-ecr-dkr", "cluster-cpu-0-group", "a node pulls images through the endpoints"],
  [
    "cluster-control-plane-policy",
    "cluster-control-plane-cluster",
    "EKS needs its rights to delete its network interfaces",
  ],
  ["cluster-control-plane-logs", "cluster-control-plane-cluster", "EKS would create the log group again"],
  ["network-vpc", "cluster-control-plane-cluster", "EKS has network interfaces in the VPC"],
  ["network-nat-0", "network-private-0-route", "the route leads to the gateway"],
  ["network-gateway", "network-nat-0", "its public address needs the internet gateway"],
  ["network-gateway", "network-nat-0-address", "AWS keeps an internet gateway while an address uses it"],
  ["network-public-0-routes", "network-nat-0", "the NAT gateway needs a route to the internet"],
  ["network-flow-policy", "network-flow-log", "otherwise the last records are lost"],
  ["redis-group", "redis-replicas", "AWS keeps the group while network interfaces use it"],
  ["database-monitoring-policy", "database-instance", "the database sends metrics until it ends"],
  ["objects-logs-policy", "objects-logging", "S3 checks its right to write when logging starts"],
  ["registry-encryption-key", "registry-slipway-runtime", "the resource is encrypted with the key"],
  ["network-endpoint-s3", "cluster-cpu-0-group", "layers of images come from S3"],
  [
    "cluster-ebs-csi-access-AmazonEBSCSIDriverPolicy",
    "cluster-system-group",
    "the driver runs as long as the nodes",
  ],
  ["cluster-ebs-csi-access-policy", "cluster-gpu-l4-nodes-group", "the driver runs as long as the nodes"],
  ["cluster-volumes-key", "cluster-cpu-0-group", "volumes are encrypted with the key"],
  [
    "cluster-system-group",
    "cluster-autoscaler-deployment",
    "the autoscaler would create new nodes for the pods",
  ],
  ["cluster-autoscaler-access-policy", "cluster-autoscaler-deployment", "the autoscaler needs its rights"],
  ["neuron-binding", "neuron-daemon", "the plugin needs its rights to read nodes"],
  ["cluster-control-plane-secrets-key", "cluster-control-plane-cluster", "etcd is encrypted with the key"],
  ["cluster-control-plane-cluster", "redis-ingress", "AWS keeps a group while a rule refers to it"],
  ["cluster-control-plane-cluster", "database-ingress", "AWS keeps a group while a rule refers to it"],
  ["cluster-control-plane-oidc", "staging-pushback-identity-role"],
  ["network-vpc", "redis-group", "AWS keeps a VPC while it has security groups"],
  ["redis-subnets", "redis-replicas", "AWS keeps the subnets while network interfaces use them"],
  ["database-group", "database-instance", "AWS keeps the group while network interfaces use it"],
  ["network-private-0", "database-subnets", "AWS keeps the subnets while network interfaces use them"],
  ["network-endpoints", "network-endpoint-ecr-dkr", "AWS keeps the group while network interfaces use it"],
  ["redis-encryption-key", "redis-replicas", "the resource is encrypted with the key"],
  ["database-encryption-key", "database-instance", "the resource is encrypted with the key"],
  ["secrets-encryption-key", "secrets-slack-webhook", "the resource is encrypted with the key"],
  ["logs-encryption-key", "cluster-control-plane-logs", "the resource is encrypted with the key"],
  ["logs-encryption-key", "network-flow-logs", "the resource is encrypted with the key"],
  ["objects-encryption-key", "objects-bucket", "the resource is encrypted with the key"],
  ["objects-logs-policy", "objects-bucket", "the bucket writes logs as long as it exists"],
  ["objects-logs-bucket", "objects-bucket", "new logs would prevent the deletion of the log bucket"],
  [
    "staging-pushback-identity-policy",
    "staging-pushback-deployment",
    "the pod needs its rights until it ends",
  ],
  ["platform-training-identity-policy", "training-train", "the pod needs its rights until it ends"],
  ["redis-replicas", "staging-pushback-deployment", "the pod uses Redis until it ends"],
  ["cluster-pod-logs-group", "cluster-cpu-2-group", "Fluent Bit would create the log group again"],
  ["cluster-pod-logs-access-policy", "cluster-system-group", "Fluent Bit needs its rights until it ends"],
  ["cluster-cpu-0-group", "cluster-pod-logs-agent-add-on", "the operator of the add-on needs nodes"],
  [
    "cluster-metrics-server-add-on",
    "staging-namespace",
    "Kubernetes deletes no namespace while an API does not answer",
  ],
  ["logs-encryption-key", "cluster-pod-logs-group", "the resource is encrypted with the key"],
  [
    "cluster-control-plane-cluster",
    "cluster-control-plane-from-10.8.0.0-16",
    "the group of the rule is the cluster's",
  ],
  ["dns-proof", "dns-validation", "the record proves the ownership of the domain"],
  ["dns-validation", "staging-gateway-https", "the listener has this certificate"],
  ["network-gateway", "staging-gateway-alb", "AWS keeps an internet gateway while an address uses it"],
  ["network-public-0", "staging-gateway-alb"],
  ["load-balancers-access-policy", "load-balancers-deployment", "the controller needs its rights"],
  [
    "load-balancers-deployment",
    "staging-gateway-pushback-binding",
    "the controller removes the finalizer of the binding",
  ],
  ["load-balancers-targetgroupbindings", "staging-gateway-pushback-binding"],
  [
    "staging-gateway-pushback-rule",
    "staging-gateway-pushback-binding",
    "targets are healthy only in a group that a load balancer uses",
  ],
  ["staging-gateway-alb", "staging-gateway-limits-association"],
  ["dns-zone", "staging-gateway-pushback-record"],
  ["backup-encryption-key", "backup-vault", "the backups are encrypted with the key"],
  ["backup-copies-encryption-key", "backup-copies", "the copies are encrypted with the key"],
  ["backup-vault", "backup-plan", "the plan fills the vault"],
  ["backup-policy", "backup-volumes", "AWS Backup needs its rights"],
  ["objects-bucket", "backup-stores"],
]);

test("repositories of images need only their key, so that images can be mirrored while the cluster is created", async () => {
  const lifetimes = await Lifetimes.record(awsProgram);
  const repositories = lifetimes.created.filter((urn) =>
    urn.includes("aws:ecr/repository:Repository::registry-slipway-"),
  );
  expect(repositories.length).toBeGreaterThan(5);
  const needed = new Set(repositories.flatMap((urn) => lifetimes.needsOf(urn)).map(nameOf));
  expect([...needed]).toEqual(["registry-encryption-key"]);
}, 60_000);

test("a plan without AWS has the known values, and invents no other", async () => {
  const { planned, outputs } = await preview(engineOptions(awsProgram, true).foundation);
  const inputsOf = (name: string): Record<string, unknown> | undefined =>
    planned?.find(({ urn }) => nameOf(urn) === name)?.inputs;
  expect(outputs["kubeconfig"]).toBe("[unknown]");
  expect(outputs).toMatchObject({ registryUrl: "https://417366251839.dkr.ecr.eu-central-1.amazonaws.com" });
  expect(inputsOf("cluster-control-plane-cluster")).toMatchObject({ name: "slipway", version: "1.36" });
}, 60_000);
