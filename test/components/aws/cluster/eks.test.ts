import { expect, test } from "vitest";
import { EKS_ADD_ON_VERSIONS } from "../../../../components/aws/cluster/eks-add-on-versions.ts";
import { POD_LOG_SETTINGS } from "../../../../components/aws/cluster/eks-pod-logs.ts";
import type { EksClusterArgs } from "../../../../components/aws/cluster/eks.ts";
import { dependenciesOf, find, list, named, valueOf, type Recorded } from "../../record.ts";
import { ACCOUNT, json } from "../aws-outputs.ts";
import { recordEks as build } from "./record-eks.ts";

/** Rules of the security group that EKS creates. */
const rulesOfCluster = (resources: readonly Recorded[]): Recorded["inputs"][] =>
  named(resources, "cluster")
    .filter(({ type }) => type === "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
    .map(({ inputs }) => inputs);
const networksLetIn = (resources: readonly Recorded[]): unknown[] =>
  rulesOfCluster(resources).map(({ cidrIpv4 }) => cidrIpv4);
const CLUSTER = "aws:eks/cluster:Cluster";
const GROUP = "aws:eks/nodeGroup:NodeGroup";
const TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate";

test("a cluster has a control plane, add-ons, and a node group for the system and one in each zone", async () => {
  const { resources } = await build();
  expect(list(named(resources, "cluster")).filter((line) => !line.startsWith("slipway:"))).toEqual([
    ...[0, 1, 2].flatMap((zone) => [
      `aws:autoscaling/tag:Tag cluster-cpu-${zone}-tag-label-slipway.dev-pool`,
      `aws:autoscaling/tag:Tag cluster-cpu-${zone}-tag-label-topology.ebs.csi.aws.com-zone`,
    ]),
    "aws:autoscaling/tag:Tag cluster-system-tag-label-slipway.dev-pool",
    "aws:autoscaling/tag:Tag cluster-system-tag-taint-CriticalAddonsOnly",
    "aws:cloudwatch/logGroup:LogGroup cluster-control-plane-logs",
    ...[0, 1, 2].map((zone) => `${TEMPLATE} cluster-cpu-${zone}-template`),
    `${TEMPLATE} cluster-system-template`,
    "aws:eks/addon:Addon cluster-coredns-add-on",
    "aws:eks/addon:Addon cluster-ebs-csi-add-on",
    "aws:eks/addon:Addon cluster-kube-proxy-add-on",
    "aws:eks/addon:Addon cluster-metrics-server-add-on",
    "aws:eks/addon:Addon cluster-node-monitoring-add-on",
    "aws:eks/addon:Addon cluster-vpc-cni-add-on",
    `${CLUSTER} cluster-control-plane-cluster`,
    ...[0, 1, 2].map((zone) => `${GROUP} cluster-cpu-${zone}-group`),
    `${GROUP} cluster-system-group`,
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider cluster-control-plane-oidc",
    "aws:iam/role:Role cluster-control-plane-role",
    "aws:iam/role:Role cluster-ebs-csi-access-role",
    "aws:iam/role:Role cluster-node-role-role",
    "aws:iam/role:Role cluster-vpc-cni-access-role",
    "aws:iam/rolePolicy:RolePolicy cluster-ebs-csi-access-policy",
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment cluster-control-plane-policy",
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment cluster-ebs-csi-access-AmazonEBSCSIDriverPolicy",
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment cluster-node-role-AmazonEC2ContainerRegistryPullOnly",
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment cluster-node-role-AmazonEKSWorkerNodePolicy",
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment cluster-node-role-AmazonSSMManagedInstanceCore",
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment cluster-vpc-cni-access-AmazonEKS_CNI_Policy",
    "aws:kms/key:Key cluster-control-plane-secrets-key",
    "aws:kms/key:Key cluster-volumes-key",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule cluster-control-plane-from-10.0.0.0-16",
  ]);
});

test("the control plane is private, logs everything, encrypts secrets with its own key and uses only access entries", async () => {
  const { resources } = await build();
  expect(find(resources, CLUSTER, "cluster-control-plane-cluster")).toMatchObject({
    name: "slipway",
    version: "1.36",
    vpcConfig: {
      endpointPrivateAccess: true,
      endpointPublicAccess: false,
      subnetIds: ["network-private-0-id", "network-private-1-id", "network-private-2-id"],
    },
    accessConfig: { authenticationMode: "API" },
    encryptionConfig: {
      resources: ["secrets"],
      provider: { keyArn: "arn:cluster-control-plane-secrets-key" },
    },
    enabledClusterLogTypes: ["api", "audit", "authenticator", "controllerManager", "scheduler"],
    upgradePolicy: { supportType: "STANDARD" },
    deletionProtection: true,
  });
  expect(find(resources, "aws:cloudwatch/logGroup:LogGroup", "cluster-control-plane-logs")).toMatchObject({
    name: "/aws/eks/slipway/cluster",
    retentionInDays: 365,
    kmsKeyId: "arn:logs-key",
  });
});

test("machines of the cluster's own network reach the private endpoint by default, and no others", async () => {
  const { resources } = await build();
  expect(networksLetIn(resources)).toEqual(["10.0.0.0/16"]);
  expect(rulesOfCluster(resources)).toEqual([
    {
      securityGroupId: "sg-nodes",
      description: "API server, from a network of administrators",
      cidrIpv4: "10.0.0.0/16",
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 443,
    },
  ]);
});

test("a public network opens a public endpoint for itself, and no security group", async () => {
  const { resources } = await build({ adminCidrs: ["203.0.113.0/24"] });
  expect(find(resources, CLUSTER, "cluster-control-plane-cluster")).toMatchObject({
    vpcConfig: { endpointPublicAccess: true, publicAccessCidrs: ["203.0.113.0/24"] },
  });
  expect(networksLetIn(resources)).toEqual(["10.0.0.0/16"]);
});

test("a private network may reach the private endpoint, and opens no public one", async () => {
  const { resources } = await build({ adminCidrs: ["10.8.0.0/16", "203.0.113.7/32", "100.64.0.0/10"] });
  expect(networksLetIn(resources)).toEqual(["10.0.0.0/16", "10.8.0.0/16", "100.64.0.0/10"]);
  expect(find(resources, CLUSTER, "cluster-control-plane-cluster")).toMatchObject({
    vpcConfig: { endpointPublicAccess: true, publicAccessCidrs: ["203.0.113.7/32"] },
  });
  const onlyPrivate = await build({ adminCidrs: ["10.8.0.0/16"] });
  const { vpcConfig } = find(onlyPrivate.resources, CLUSTER, "cluster-control-plane-cluster");
  expect(vpcConfig).toMatchObject({ endpointPublicAccess: false });
  expect(vpcConfig).not.toHaveProperty("publicAccessCidrs");
});

test("the cluster's own network is let in once, also if adminCidrs names it", async () => {
  const { resources } = await build({ adminCidrs: ["10.0.0.0/16"] });
  expect(networksLetIn(resources)).toEqual(["10.0.0.0/16"]);
});

test("the given roles administer the cluster, or read everything in it but Secrets", async () => {
  const role = (name: string): string => `arn:aws:iam::${ACCOUNT}:role/${name}`;
  const { resources } = await build({ adminRoleArns: [role("admins")], viewerRoleArns: [role("viewers")] });
  for (const [name, arn, policy] of [
    ["admin", role("admins"), "AmazonEKSClusterAdminPolicy"],
    ["viewer", role("viewers"), "AmazonEKSViewPolicy"],
  ] as const) {
    const entry = find(resources, "aws:eks/accessEntry:AccessEntry", `cluster-control-plane-${name}-0`);
    expect(entry).toEqual({ clusterName: "slipway", principalArn: arn });
    expect(
      find(
        resources,
        "aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
        `cluster-control-plane-${name}-0-policy`,
      ),
    ).toEqual({
      clusterName: "slipway",
      principalArn: arn,
      policyArn: `arn:aws:eks::aws:cluster-access-policy/${policy}`,
      accessScope: { type: "cluster" },
    });
  }
  await expect(build({ adminRoleArns: [role("admins")], viewerRoleArns: [role("admins")] })).rejects.toThrow(
    /viewerRoleArns must not name an administrator, got .*role\/admins/,
  );
});

test("each add-on has the version of the table, or the given one", async () => {
  const versionsOf = async (args: Partial<EksClusterArgs>): Promise<Record<string, unknown>> => {
    const { resources } = await build(args);
    return Object.fromEntries<unknown>(
      resources
        .filter(({ type }) => type === "aws:eks/addon:Addon")
        .map(({ inputs }) => [String(inputs["addonName"]), inputs["addonVersion"]]),
    );
  };
  const { "amazon-cloudwatch-observability": _, ...versions } = EKS_ADD_ON_VERSIONS["1.36"]!;
  expect(await versionsOf({})).toEqual(versions);
  expect(await versionsOf({ version: "1.35" })).toMatchObject({ "kube-proxy": "v1.35.3-eksbuild.21" });
  const given = { coredns: "v1.14.7-eksbuild.10" };
  expect(await versionsOf({ addOnVersions: given })).toEqual({ ...versions, ...given });
});

test("the resource metrics may run on the system pool", async () => {
  const { resources } = await build();
  const { configurationValues } = find(resources, "aws:eks/addon:Addon", "cluster-metrics-server-add-on");
  expect(json(configurationValues)).toEqual({
    tolerations: [{ key: "CriticalAddonsOnly", operator: "Exists", effect: "NoSchedule" }],
  });
});

test("logs of pods go to an encrypted log group with an expiry, and no metrics are collected", async () => {
  const { resources } = await build({ podLogDays: 30 });
  expect(find(resources, "aws:cloudwatch/logGroup:LogGroup", "cluster-pod-logs-group")).toEqual({
    name: "/aws/containerinsights/slipway/application",
    retentionInDays: 30,
    kmsKeyId: "arn:logs-key",
  });
  const { policy } = find(resources, "aws:iam/rolePolicy:RolePolicy", "cluster-pod-logs-access-policy");
  expect(json(policy)).toMatchObject({
    Statement: [
      {
        Action: [
          "logs:CreateLogGroup",
          "logs:CreateLogStream",
          "logs:DescribeLogStreams",
          "logs:PutLogEvents",
        ],
        Resource: ["arn:cluster-pod-logs-group", "arn:cluster-pod-logs-group:*"],
      },
    ],
  });
  const addOn = find(resources, "aws:eks/addon:Addon", "cluster-pod-logs-agent-add-on");
  expect(addOn).toMatchObject({
    addonName: "amazon-cloudwatch-observability",
    serviceAccountRoleArn: "arn:cluster-pod-logs-access-role",
  });
  expect(json(addOn["configurationValues"])).toEqual(POD_LOG_SETTINGS);
});

test("the network plugin and the volume driver have roles of their own, only for their service accounts", async () => {
  const { resources } = await build();
  const { assumeRolePolicy } = find(resources, "aws:iam/role:Role", "cluster-vpc-cni-access-role");
  const issuer = "oidc.eks.eu-central-1.amazonaws.com/id/ABC";
  expect(json(assumeRolePolicy)).toMatchObject({
    Statement: [
      {
        Principal: { Federated: "arn:cluster-control-plane-oidc" },
        Action: "sts:AssumeRoleWithWebIdentity",
        Condition: {
          StringEquals: {
            [`${issuer}:sub`]: "system:serviceaccount:kube-system:aws-node",
            [`${issuer}:aud`]: "sts.amazonaws.com",
          },
        },
      },
    ],
  });
  expect(find(resources, "aws:eks/addon:Addon", "cluster-ebs-csi-add-on")).toMatchObject({
    serviceAccountRoleArn: "arn:cluster-ebs-csi-access-role",
  });
  const { configurationValues } = find(resources, "aws:eks/addon:Addon", "cluster-vpc-cni-add-on");
  expect(json(configurationValues)).toMatchObject({ enableNetworkPolicy: "true" });
});

test("volumes have a key of the cluster, which the volume driver may use", async () => {
  const { resources, result } = await build();
  expect(await valueOf(result.volumesKeyArn)).toBe("arn:cluster-volumes-key");
  const { policy } = find(resources, "aws:iam/rolePolicy:RolePolicy", "cluster-ebs-csi-access-policy");
  expect(JSON.stringify(json(policy))).toContain("arn:cluster-volumes-key");
});

test("the kubeconfig waits for nodes, DNS, the volume driver and the metrics", async () => {
  const { result } = await build();
  expect(await dependenciesOf(result.kubeconfig)).toEqual([
    "aws:eks/addon:Addon cluster-coredns-add-on",
    "aws:eks/addon:Addon cluster-ebs-csi-add-on",
    "aws:eks/addon:Addon cluster-metrics-server-add-on",
    `${CLUSTER} cluster-control-plane-cluster`,
    ...[0, 1, 2].map((zone) => `${GROUP} cluster-cpu-${zone}-group`),
    `${GROUP} cluster-system-group`,
  ]);
});

test("the kubeconfig has no credentials and gets a token with the AWS CLI", async () => {
  const { result } = await build();
  expect(json(await valueOf(result.kubeconfig))).toMatchObject({
    clusters: [
      { cluster: { server: "https://ABC.eks.amazonaws.com", "certificate-authority-data": "Q0E=" } },
    ],
    users: [
      {
        user: {
          exec: {
            command: "aws",
            args: [
              "eks",
              "get-token",
              "--output",
              "json",
              "--cluster-name",
              "slipway",
              "--region",
              "eu-central-1",
            ],
          },
        },
      },
    ],
  });
});
