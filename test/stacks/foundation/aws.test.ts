import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { awsFoundationSchema } from "../../../stacks/foundation/aws-outputs.ts";
import { awsFoundation } from "../../../stacks/foundation/aws.ts";
import { ACCOUNT, REGION } from "../../components/aws/aws-outputs.ts";
import { find, list, record, valueOf } from "../../components/record.ts";
import { awsImages as images } from "./add-on-images.ts";
import { awsConfig, buildLayers, components, connected, url, whole } from "./aws-layers.ts";

test("the AWS provider of each layer is bound to the account and the region, and sets the tags", async () => {
  const { resources, result } = await buildLayers(connected, whole.cluster, whole.cloud);
  const providers = resources.filter(({ type }) => type === "pulumi:providers:aws");
  expect(providers.length).toBe(2);
  for (const { inputs } of providers)
    expect(inputs).toMatchObject({
      region: REGION,
      allowedAccountIds: `["${ACCOUNT}"]`,
      defaultTags: '{"tags":{"owner":"ml","environment":"prod"}}',
    });
  expect(result.redis?.port).toBe(6379);
  expect(components(resources)).toEqual([
    "slipway:budget:AwsBudget budget",
    "slipway:cluster:DefaultStorageClass storage-class",
    "slipway:cluster:EksAddOn cluster-coredns",
    "slipway:cluster:EksAddOn cluster-ebs-csi",
    "slipway:cluster:EksAddOn cluster-kube-proxy",
    "slipway:cluster:EksAddOn cluster-metrics-server",
    "slipway:cluster:EksAddOn cluster-node-monitoring",
    "slipway:cluster:EksAddOn cluster-vpc-cni",
    "slipway:cluster:EksCluster cluster",
    "slipway:cluster:EksClusterAutoscaler cluster-autoscaler",
    "slipway:cluster:EksControlPlane cluster-control-plane",
    "slipway:cluster:EksGpuNodePool cluster-gpu-l4",
    "slipway:cluster:EksNodePool cluster-cpu-0",
    "slipway:cluster:EksNodePool cluster-cpu-1",
    "slipway:cluster:EksNodePool cluster-cpu-2",
    "slipway:cluster:EksNodePool cluster-gpu-l4-nodes",
    "slipway:cluster:EksNodePool cluster-system",
    "slipway:cluster:EksNodeRole cluster-node-role",
    "slipway:database:RdsPostgresql database",
    "slipway:dns:Route53Dns dns",
    "slipway:gpu:DcgmExporter dcgm-exporter",
    "slipway:gpu:GpuSystem gpu-system",
    "slipway:identity:EksServiceAccountRole cluster-autoscaler-access",
    "slipway:identity:EksServiceAccountRole cluster-ebs-csi-access",
    "slipway:identity:EksServiceAccountRole cluster-vpc-cni-access",
    "slipway:keys:AwsKey cluster-control-plane-secrets",
    "slipway:keys:AwsKey cluster-volumes",
    "slipway:keys:AwsKey database-encryption",
    "slipway:keys:AwsKey logs-encryption",
    "slipway:keys:AwsKey objects-encryption",
    "slipway:keys:AwsKey redis-encryption",
    "slipway:keys:AwsKey registry-encryption",
    "slipway:keys:AwsKey secrets-encryption",
    "slipway:network:AwsVpc network",
    "slipway:redis:ElasticacheRedis redis",
    "slipway:registry:EcrImages registry",
    "slipway:registry:EcrRegistry registry",
    "slipway:secrets:AwsSecretsManager secrets",
    "slipway:storage:S3Bucket objects",
  ]);
});

test("optional parts that the config leaves out are not created", async () => {
  const { resources, result } = await buildLayers(connected);
  const made = components(resources).join("\n");
  expect(made).not.toMatch(/ElasticacheRedis|RdsPostgresql|Route53Dns|AwsSecretsManager|GpuSystem|Neuron/);
  expect(result.redis).toBeUndefined();
});

test("administrators, zones and NAT follow the config", async () => {
  const admin = `arn:aws:iam::${ACCOUNT}:role/platform-admin`;
  const { resources } = await buildLayers(connected, {
    adminRoleArns: [admin],
    zones: ["eu-central-1b", "eu-central-1c", "eu-central-1a"],
    nat: "one",
  });
  const entry = find(resources, "aws:eks/accessEntry:AccessEntry", "cluster-control-plane-admin-0");
  expect(entry).toMatchObject({ principalArn: admin });
  expect(list(resources).filter((line) => line.includes("natGateway:"))).toEqual([
    "aws:ec2/natGateway:NatGateway network-nat-0",
  ]);
  const subnet = find(resources, "aws:ec2/subnet:Subnet", "network-private-0");
  expect(subnet).toMatchObject({ availabilityZone: "eu-central-1b" });
});

test("logs of pods, endpoints of services, node releases and versions of add-ons follow the config", async () => {
  const { resources } = await buildLayers(connected, {
    podLogDays: 30,
    vpcEndpoints: ["kms"],
    nodeReleases: { bottlerocket: "1.62.0-1b2c3d4e" },
    addOnVersions: { coredns: "v1.14.7-eksbuild.10" },
  });
  expect(find(resources, "aws:cloudwatch/logGroup:LogGroup", "cluster-pod-logs-group")).toMatchObject({
    retentionInDays: 30,
  });
  expect(list(resources).filter((line) => line.startsWith("aws:ec2/vpcEndpoint:"))).toEqual([
    "aws:ec2/vpcEndpoint:VpcEndpoint network-endpoint-kms",
    "aws:ec2/vpcEndpoint:VpcEndpoint network-endpoint-s3",
  ]);
  expect(find(resources, "aws:eks/nodeGroup:NodeGroup", "cluster-system-group")).toMatchObject({
    releaseVersion: "1.62.0-1b2c3d4e",
  });
  expect(find(resources, "aws:eks/addon:Addon", "cluster-coredns-add-on")).toMatchObject({
    addonVersion: "v1.14.7-eksbuild.10",
  });
});

test("cluster.logDays is the retention of the control plane's logs and of the flow logs, 365 days by default", async () => {
  const group = "aws:cloudwatch/logGroup:LogGroup";
  for (const [cluster, retentionInDays] of [
    [{}, 365],
    [{ logDays: 90 }, 90],
  ] as const) {
    const { resources } = await buildLayers(connected, cluster);
    expect(find(resources, group, "cluster-control-plane-logs")).toMatchObject({ retentionInDays });
    expect(find(resources, group, "network-flow-logs")).toMatchObject({ retentionInDays });
  }
});

test("exports the names of the cluster and of the database, which only people use", async () => {
  const outputs = async (cloud: object) => {
    const { result } = await buildLayers((_, foundation) => foundation, {}, cloud);
    const { clusterName, databaseHost, databaseCredentialsArn } = result;
    return valueOf(pulumi.output({ clusterName, databaseHost, databaseCredentialsArn }));
  };
  expect(await outputs(whole.cloud)).toEqual({
    clusterName: "slipway",
    databaseHost: "db.example",
    databaseCredentialsArn: "arn:secret",
  });
  expect(await outputs({})).toMatchObject({ databaseHost: null, databaseCredentialsArn: null });
  // A foundation that was deployed before there were these outputs.
  const { clusterName, databaseHost, databaseCredentialsArn } = awsFoundationSchema.shape;
  for (const schema of [clusterName, databaseHost, databaseCredentialsArn])
    expect(schema.parse(undefined)).toBeNull();
});

test("an account of a public registry is that of ECR's rule for it", async () => {
  const credentialArn =
    "arn:aws:secretsmanager:eu-central-1:417366251839:secret:ecr-pullthroughcache/ghcr-AbCdEf";
  const upstream = "ghcr.io/external-secrets/external-secrets:v2.8.0";
  const operator = {
    repository: "upstream/ghcr.io/external-secrets/external-secrets",
    digest: `sha256:${"e".repeat(64)}`,
    upstream,
    source: upstream,
  };
  const config = {
    ...awsConfig(),
    images: { ...images, images: { "external-secrets": operator } },
    registryUrl: url,
    upstreamSecrets: { "ghcr.io": credentialArn },
  };
  const { resources } = await record(() => awsFoundation(config));
  expect(
    find(resources, "aws:ecr/pullThroughCacheRule:PullThroughCacheRule", "registry-upstream-ghcr.io"),
  ).toMatchObject({ upstreamRegistryUrl: "ghcr.io", credentialArn });
});

test("the name servers of the zone are known to the stack, which does not wait for the certificate", async () => {
  const { resources, result } = await buildLayers((_, { nameServers }) => nameServers, {}, whole.cloud);
  expect(await valueOf(pulumi.output(result))).toEqual(["ns-1.example", "ns-2.example"]);
  expect(list(resources).join()).not.toContain("CertificateValidation");
  const delegated = await buildLayers(connected, {}, { dns: { zone: "ml.example.com", delegated: true } });
  expect(list(delegated.resources).join()).toContain("CertificateValidation");
});
