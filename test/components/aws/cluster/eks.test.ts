import { expect, test } from "vitest";
import {
  EksGpuNodePool,
  type EksGpuNodePoolArgs,
} from "../../../../components/aws/cluster/eks-gpu-node-pool.ts";
import { EKS_ADD_ON_VERSIONS } from "../../../../components/aws/cluster/eks-add-on-versions.ts";
import { POD_LOG_SETTINGS } from "../../../../components/aws/cluster/eks-pod-logs.ts";
import { EksCluster, type EksClusterArgs } from "../../../../components/aws/cluster/eks.ts";
import { AwsKey } from "../../../../components/aws/key.ts";
import { AwsVpc } from "../../../../components/aws/vpc.ts";
import { find, list, named, record, type Recorded } from "../../record.ts";
import { ACCOUNT, json, place } from "../aws-outputs.ts";

const build = (
  args: Partial<EksClusterArgs> = {},
  gpus?: Omit<EksGpuNodePoolArgs, "home">,
  gpuName = "gpus",
) =>
  record(() => {
    const logsKey = new AwsKey("logs", { description: "Logs", account: ACCOUNT });
    const network = new AwsVpc("network", { ...place, logsKey });
    const cluster = new EksCluster("cluster", {
      ...place,
      clusterName: "slipway",
      network,
      logsKey,
      tags: { owner: "ml" },
      ...args,
    });
    if (gpus !== undefined) new EksGpuNodePool(gpuName, { home: cluster.nodes, ...gpus });
    return cluster;
  });
/** Rules of the security group that EKS creates. */
const rulesOfCluster = (resources: readonly Recorded[]): unknown[] =>
  named(resources, "cluster")
    .filter(({ type }) => type === "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
    .map(({ inputs }) => inputs);
const CLUSTER = "aws:eks/cluster:Cluster";
const GROUP = "aws:eks/nodeGroup:NodeGroup";
const TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate";

test("a cluster has a control plane, add-ons, a node group for the system and one in each zone, and a Kubernetes provider", async () => {
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
    "kubernetes:storage.k8s.io/v1:StorageClass cluster-storage-class",
    "pulumi:providers:kubernetes cluster-provider",
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

test("a public network opens a public endpoint for itself, and no security group", async () => {
  const { resources } = await build({ adminCidrs: ["203.0.113.0/24"] });
  expect(find(resources, CLUSTER, "cluster-control-plane-cluster")).toMatchObject({
    vpcConfig: { endpointPublicAccess: true, publicAccessCidrs: ["203.0.113.0/24"] },
  });
  expect(rulesOfCluster(resources)).toEqual([]);
});

test("a private network may reach the private endpoint, and opens no public one", async () => {
  const { resources } = await build({ adminCidrs: ["10.8.0.0/16", "203.0.113.7/32", "100.64.0.0/10"] });
  expect(rulesOfCluster(resources)).toEqual(
    ["10.8.0.0/16", "100.64.0.0/10"].map((cidrIpv4) => ({
      securityGroupId: "sg-nodes",
      description: "API server, from a network of administrators",
      cidrIpv4,
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 443,
    })),
  );
  expect(find(resources, CLUSTER, "cluster-control-plane-cluster")).toMatchObject({
    vpcConfig: { endpointPublicAccess: true, publicAccessCidrs: ["203.0.113.7/32"] },
  });
  const onlyPrivate = await build({ adminCidrs: ["10.8.0.0/16"] });
  const { vpcConfig } = find(onlyPrivate.resources, CLUSTER, "cluster-control-plane-cluster");
  expect(vpcConfig).toMatchObject({ endpointPublicAccess: false });
  expect(vpcConfig).not.toHaveProperty("publicAccessCidrs");
});

test("by default no network may reach the API server", async () => {
  const { resources } = await build();
  expect(rulesOfCluster(resources)).toEqual([]);
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

test("each zone has a part of the cpu pool, which the autoscaler knows by its volumes' zone", async () => {
  const { resources } = await build({ cpuPool: { min: 4, max: 10 } });
  const sizes = [
    { minSize: 2, maxSize: 4, desiredSize: 2 },
    { minSize: 1, maxSize: 3, desiredSize: 1 },
    { minSize: 1, maxSize: 3, desiredSize: 1 },
  ];
  for (const [zone, scalingConfig] of sizes.entries()) {
    const group = find(resources, GROUP, `cluster-cpu-${zone}-group`);
    expect(group).toMatchObject({
      subnetIds: [`network-private-${zone}-id`],
      scalingConfig,
      labels: { "slipway.dev/pool": "cpu" },
    });
    const tag = `cluster-cpu-${zone}-tag-label-topology.ebs.csi.aws.com-zone`;
    expect(find(resources, "aws:autoscaling/tag:Tag", tag)).toMatchObject({
      autoscalingGroupName: `eks-cluster-cpu-${zone}-group`,
      tag: {
        key: "k8s.io/cluster-autoscaler/node-template/label/topology.ebs.csi.aws.com/zone",
        value: `eu-central-1${"abc"[zone]}`,
      },
    });
  }
});

test("node groups run the given release of their image, and EKS's newest without one", async () => {
  const release = "1.62.0-1b2c3d4e";
  const { resources } = await build(
    { nodeReleases: { bottlerocket: release } },
    { pool: "l4", type: "nvidia-l4", count: 1, max: 1 },
  );
  for (const group of ["cluster-system-group", "cluster-cpu-0-group", "gpus-nodes-group"])
    expect(find(resources, GROUP, group)).toMatchObject({ releaseVersion: release });
  const standard = await build();
  expect(find(standard.resources, GROUP, "cluster-system-group")).not.toHaveProperty("releaseVersion");
});

test("a node group's name that AWS would refuse is cut and ends in a hash", async () => {
  const pool = "a-pool-with-a-name-of-forty-characters-x";
  const { resources } = await build({}, { pool, type: "nvidia-l4", count: 1, max: 1 }, `cluster-gpu-${pool}`);
  const group = resources.find(({ type, name }) => type === GROUP && name.startsWith("cluster-gpu-"));
  expect(group?.name).toMatch(
    /^cluster-gpu-a-pool-with-a-name-of-forty-characters-?-[0-9a-f]{8}$|^cluster-gpu-.{34}-[0-9a-f]{8}$/,
  );
  expect(group!.name.length).toBeLessThanOrEqual(55); // Pulumi appends 8 of the 63
});

test.each([
  [{ adminCidrs: ["0.0.0.0/0"] }, /adminCidrs must not be the whole internet, got 0\.0\.0\.0\/0/],
  [{ cpuPool: { max: 2 } }, /cluster-cpu: max must be at least 3, got 2: each zone has nodes of its own/],
  [{ version: "1.20" }, /version must be one that EKS supports \(1\.34, 1\.35, 1\.36\), got 1\.20/],
  [{ cpuPool: { min: 4, max: 2 } }, /cluster-cpu: max must be at least 4, got 2/],
] as [Partial<EksClusterArgs>, RegExp][])("refuses %o", async (args, message) => {
  await expect(build(args)).rejects.toThrow(message);
});

test("pods cannot reach the metadata service of nodes, whose disks are encrypted", async () => {
  const { resources } = await build();
  const template = find(resources, TEMPLATE, "cluster-cpu-0-template");
  expect(template).toMatchObject({
    metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
    blockDeviceMappings: [
      // as large as the image
      {
        deviceName: "/dev/xvda",
        ebs: { encrypted: "true", deleteOnTermination: "true", volumeType: "gp3" },
      },
      { deviceName: "/dev/xvdb", ebs: { encrypted: "true", volumeSize: 80 } },
    ],
    tagSpecifications: [
      { resourceType: "instance", tags: { owner: "ml" } },
      { resourceType: "volume", tags: { owner: "ml" } },
      { resourceType: "network-interface", tags: { owner: "ml" } },
    ],
  });
  expect(template).not.toHaveProperty("userData");
});

test("the system pool has a taint, and the sizes of both pools can be set", async () => {
  const { resources } = await build({ cpuPool: { machine: "c7i.4xlarge", spot: true, min: 1, max: 20 } });
  expect(find(resources, GROUP, "cluster-system-group")).toMatchObject({
    amiType: "BOTTLEROCKET_x86_64",
    instanceTypes: ["m7i.large"],
    capacityType: "ON_DEMAND",
    scalingConfig: { minSize: 2, maxSize: 4, desiredSize: 2 },
    labels: { "slipway.dev/pool": "system" },
    taints: [{ key: "CriticalAddonsOnly", value: "true", effect: "NO_SCHEDULE" }],
  });
  expect(find(resources, GROUP, "cluster-cpu-0-group")).toMatchObject({
    instanceTypes: ["c7i.4xlarge", "c7a.4xlarge", "c6i.4xlarge", "c6a.4xlarge"],
    capacityType: "SPOT",
    scalingConfig: { minSize: 1, maxSize: 7, desiredSize: 1 },
    taints: [],
  });
});

test("a size with only min or max is completed consistently", async () => {
  const { resources } = await build({ systemPool: { min: 6 }, cpuPool: { min: 12 } });
  expect(find(resources, GROUP, "cluster-system-group")).toMatchObject({
    scalingConfig: { minSize: 6, maxSize: 6 },
  });
  for (const zone of [0, 1, 2])
    expect(find(resources, GROUP, `cluster-cpu-${zone}-group`)).toMatchObject({
      scalingConfig: { minSize: 4, maxSize: 4 },
    });
});

test("tags of an empty GPU pool describe its future nodes", async () => {
  const { resources } = await build(
    {},
    {
      pool: "l4",
      type: "nvidia-l4",
      count: 4,
      spot: true,
      max: 3,
      timeSlicing: 2,
    },
  );
  expect(find(resources, GROUP, "gpus-nodes-group")).toMatchObject({
    amiType: "BOTTLEROCKET_x86_64_NVIDIA",
    instanceTypes: ["g6.12xlarge"],
    capacityType: "SPOT",
    scalingConfig: { minSize: 0, maxSize: 3, desiredSize: 0 },
    labels: { "slipway.dev/gpu-type": "nvidia-l4", "slipway.dev/pool": "l4" },
    taints: [{ key: "nvidia.com/gpu", value: "present", effect: "NO_SCHEDULE" }],
  });
  const tags = named(resources, "gpus")
    .filter(({ type }) => type === "aws:autoscaling/tag:Tag")
    .map(({ inputs }) => inputs);
  const prefix = "k8s.io/cluster-autoscaler/node-template";
  const tag = (key: string, value: string) => ({
    autoscalingGroupName: "eks-gpus-nodes-group",
    tag: { key: `${prefix}/${key}`, value, propagateAtLaunch: false },
  });
  expect(tags).toEqual([
    tag("label/slipway.dev/gpu-type", "nvidia-l4"),
    tag("label/slipway.dev/pool", "l4"),
    tag("resources/nvidia.com/gpu", "8"),
    tag("taint/nvidia.com/gpu", "present:NoSchedule"),
  ]);
  const { userData } = find(resources, TEMPLATE, "gpus-nodes-template");
  expect(Buffer.from(String(userData), "base64").toString()).toContain("replicas = 2");
});

test("refuses two ways to share a GPU, and a number of GPUs that no machine has", async () => {
  const pool = { pool: "a100", type: "nvidia-a100-40gb", count: 8, max: 1 } as const;
  await expect(build({}, { ...pool, timeSlicing: 2, mig: "1g.5gb" })).rejects.toThrow(
    "gpus: timeSlicing and mig must not go together; keep one",
  );
  await expect(build({}, { ...pool, count: 3 })).rejects.toThrow(/count must be 8/);
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

test("the default storage class encrypts volumes with a key of the cluster", async () => {
  const { resources } = await build();
  expect(find(resources, "kubernetes:storage.k8s.io/v1:StorageClass", "cluster-storage-class")).toMatchObject(
    {
      metadata: { annotations: { "storageclass.kubernetes.io/is-default-class": "true" } },
      parameters: { type: "gp3", encrypted: "true", kmsKeyId: "arn:cluster-volumes-key" },
    },
  );
});

test("the kubeconfig has no credentials and gets a token with the AWS CLI", async () => {
  const { resources } = await build();
  const { kubeconfig } = find(resources, "pulumi:providers:kubernetes", "cluster-provider");
  expect(json(kubeconfig)).toMatchObject({
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
