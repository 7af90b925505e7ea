import { expect, test } from "vitest";
import type { GkeArgs } from "../../../../components/gcp/cluster/gke-cluster-args.ts";
import { dependenciesOf, find, list, valueOf } from "../../record.ts";
import { cluster, pool, recordGke as build, region } from "./record-gke.ts";

test("a cluster has a control plane, two node pools, and a service account for nodes", async () => {
  const { resources } = await build();
  expect(list(resources.filter(({ name }) => name.startsWith("cluster")))).toEqual([
    "gcp:container/cluster:Cluster cluster-gke",
    "gcp:container/nodePool:NodePool cluster-cpu-nodes",
    "gcp:container/nodePool:NodePool cluster-system-nodes",
    "gcp:projects/iAMMember:IAMMember cluster-nodes-role",
    "gcp:serviceaccount/account:Account cluster-nodes",
    "slipway:cluster:Gke cluster",
    "slipway:cluster:GkeNodePool cluster-cpu",
    "slipway:cluster:GkeNodePool cluster-system",
  ]);
});

test("the control plane is private, encrypted, logged and in the Regular channel", async () => {
  const { resources } = await build();
  expect(cluster(resources)).toMatchObject({
    location: region,
    deletionProtection: true,
    releaseChannel: { channel: "REGULAR" },
    minMasterVersion: "1.36",
    removeDefaultNodePool: true,
    networkingMode: "VPC_NATIVE",
    datapathProvider: "ADVANCED_DATAPATH",
    ipAllocationPolicy: { clusterSecondaryRangeName: "pods", servicesSecondaryRangeName: "services" },
    // Standard disks do not count to the quota of SSDs, which is small in a fresh project.
    nodeConfig: { diskType: "pd-standard", diskSizeGb: 20 },
    privateClusterConfig: {
      enablePrivateNodes: true,
      enablePrivateEndpoint: true,
      masterGlobalAccessConfig: { enabled: false },
    },
    masterAuthorizedNetworksConfig: {
      cidrBlocks: [],
      gcpPublicCidrsAccessEnabled: false,
      privateEndpointEnforcementEnabled: true,
    },
    controlPlaneEndpointsConfig: { dnsEndpointConfig: { allowExternalTraffic: false } },
    workloadIdentityConfig: { workloadPool: "acme-ml.svc.id.goog" },
    databaseEncryption: { state: "ENCRYPTED", keyName: "key-key-id" },
    enableShieldedNodes: true,
    enableLegacyAbac: false,
    enableIntranodeVisibility: true,
    binaryAuthorization: { evaluationMode: "PROJECT_SINGLETON_POLICY_ENFORCE" },
    securityPostureConfig: { mode: "BASIC" },
    masterAuth: { clientCertificateConfig: { issueClientCertificate: false } },
    addonsConfig: { httpLoadBalancing: { disabled: true }, dnsCacheConfig: { enabled: true } },
    gatewayApiConfig: { channel: "CHANNEL_DISABLED" },
  });
  expect(cluster(resources)["loggingConfig"]).toEqual({
    enableComponents: ["SYSTEM_COMPONENTS", "WORKLOADS", "APISERVER", "CONTROLLER_MANAGER", "SCHEDULER"],
  });
  expect(cluster(resources)["monitoringConfig"]).toMatchObject({
    enableComponents: expect.arrayContaining(["APISERVER", "DCGM", "CADVISOR"]) as string[],
    managedPrometheus: { enabled: true },
  });
});

test("public networks open a public endpoint only to themselves", async () => {
  const adminCidrs = ["203.0.113.0/24", "10.1.0.0/16"];
  const { resources } = await build({ adminCidrs });
  expect(cluster(resources)).toMatchObject({
    privateClusterConfig: { enablePrivateNodes: true, enablePrivateEndpoint: false },
    masterAuthorizedNetworksConfig: {
      cidrBlocks: [{ cidrBlock: "203.0.113.0/24" }, { cidrBlock: "10.1.0.0/16" }],
      gcpPublicCidrsAccessEnabled: false,
    },
  });
});

test("private networks open no public endpoint, and reach the private endpoint from every region", async () => {
  const { resources } = await build({ adminCidrs: ["10.1.0.0/16"] });
  expect(cluster(resources)).toMatchObject({
    privateClusterConfig: { enablePrivateEndpoint: true, masterGlobalAccessConfig: { enabled: true } },
    masterAuthorizedNetworksConfig: {
      cidrBlocks: [{ cidrBlock: "10.1.0.0/16" }],
      privateEndpointEnforcementEnabled: true,
    },
  });
});

test("the nodes are in the zones of the cluster, and a pool starts with at most its maximum over them", async () => {
  const { resources } = await build({
    zones: ["europe-west4-a", "europe-west4-b"],
    cpuPool: { min: 2, max: 5 },
  });
  expect(cluster(resources)).toMatchObject({ nodeLocations: ["europe-west4-a", "europe-west4-b"] });
  expect(pool(resources, "cpu")).toMatchObject({ initialNodeCount: 1 });
  expect(cluster((await build()).resources)["nodeLocations"]).toBeUndefined();
});

test("only components of GKE tolerate the taint of the system pool", async () => {
  const { resources } = await build();
  const taints = (name: string): unknown =>
    (pool(resources, name)["nodeConfig"] as { taints?: unknown }).taints;
  expect(taints("system")).toEqual([
    { key: "components.gke.io/gke-managed-components", value: "true", effect: "NO_SCHEDULE" },
  ]);
  expect(taints("cpu")).toBeUndefined();
});

test("volumes have the key of the cluster", async () => {
  const { result } = await build();
  expect(await valueOf(result.volumesKeyName)).toBe("key-key-id");
});

test("the kubeconfig waits for all node pools and for the policy that admits images", async () => {
  const { result } = await build({
    gpuPools: { l4: { type: "nvidia-l4", count: 1, max: 2 } },
    tpuPools: { v5e: { machine: "ct5lp-hightpu-4t", topology: "2x2", max: 2 } },
    imageSources: ["ghcr.io/external-secrets/**"],
  });
  expect(await dependenciesOf(result.kubeconfig)).toEqual([
    "gcp:binaryauthorization/policy:Policy cluster-admission",
    "gcp:container/cluster:Cluster cluster-gke",
    ...["cpu", "gpu-l4", "system", "tpu-v5e"].map(
      (name) => `gcp:container/nodePool:NodePool cluster-${name}-nodes`,
    ),
  ]);
});

test("only with image sources does the cluster replace the Binary Authorization policy of the project", async () => {
  const type = "gcp:binaryauthorization/policy:Policy";
  expect((await build()).resources.some((one) => one.type === type)).toBe(false);
  const { resources } = await build({ imageSources: ["ghcr.io/external-secrets/**"] });
  expect(find(resources, type, "cluster-admission")).toMatchObject({
    admissionWhitelistPatterns: [{ namePattern: "ghcr.io/external-secrets/**" }],
    defaultAdmissionRule: { evaluationMode: "ALWAYS_ALLOW" },
  });
});

test.each<[string, Partial<GkeArgs>, string]>([
  ["an unknown version", { version: "1.20" }, "cluster: version must be one of 1.34, 1.35, 1.36, got 1.20"],
  [
    "fewer nodes at most than at least",
    { cpuPool: { min: 5, max: 4 } },
    "cluster-cpu: max must be at least 5, got 4",
  ],
  [
    "a small disk for GPUs",
    { gpuPools: { l4: { type: "nvidia-l4", count: 1, max: 1, diskGib: 30 } } },
    "cluster-gpu-l4: diskGib must be at least 50, got 30",
  ],
  [
    "too many pods on a GPU",
    { gpuPools: { l4: { type: "nvidia-l4", count: 1, max: 1, timeSlicing: 49 } } },
    "cluster-gpu-l4: timeSlicing must be between 2 and 48, got 49",
  ],
  [
    "both ways to share",
    { gpuPools: { a: { type: "nvidia-a100-40gb", count: 1, max: 1, timeSlicing: 2, mig: "1g.5gb" } } },
    "cluster-gpu-a: timeSlicing and mig must not both be set, got 2 and 1g.5gb",
  ],
  [
    "a partition that the GPU has not",
    { gpuPools: { a: { type: "nvidia-a100-40gb", count: 1, max: 1, mig: "1g.10gb" } } },
    "cluster-gpu-a: mig must be one of 1g.5gb, 2g.10gb, 3g.20gb, 7g.40gb for nvidia-a100-40gb, got 1g.10gb",
  ],
  [
    "a GPU that Google Cloud has not",
    { gpuPools: { a: { type: "nvidia-a10g", count: 1, max: 1 } } },
    "gpu pool: type must be a GPU that Google Cloud has",
  ],
  [
    "a GPU in a region where no zone is known to have it",
    { region: "europe-north2", gpuPools: { l4: { type: "nvidia-l4", count: 1, max: 1 } } },
    "cluster-gpu-l4: zones must be set for nvidia-l4 in europe-north2, where no zone is known to have it",
  ],
  [
    "fewer than 8 H100 on demand",
    { gpuPools: { h: { type: "nvidia-h100-80gb", count: 4, max: 1 } } },
    "cluster-gpu-h: spot must be true for 4 nvidia-h100-80gb on Google Cloud",
  ],
  [
    "part of a TPU slice",
    { tpuPools: { v: { machine: "ct5lp-hightpu-4t", topology: "4x4", max: 3, zone: "a" } } },
    "cluster-tpu-v: max must be 4, the nodes of a slice of 4x4, got 3",
  ],
  [
    "a slice of several nodes without a zone",
    { tpuPools: { v: { machine: "ct5lp-hightpu-4t", topology: "4x4", max: 4 } } },
    "cluster-tpu-v: zone must be set for topology 4x4, whose 4 nodes are in one zone",
  ],
])("refuses %s", async (_what, args, message) => {
  await expect(build(args)).rejects.toThrow(message);
});

test("ingress lets GKE create load balancers", async () => {
  const { resources } = await build({ ingress: true });
  expect(cluster(resources)).toMatchObject({
    addonsConfig: { httpLoadBalancing: { disabled: false } },
    gatewayApiConfig: { channel: "CHANNEL_STANDARD" },
  });
});

test("the kubeconfig names the endpoint and the authority of the cluster", async () => {
  const { result } = await build();
  expect(JSON.parse(await valueOf(result.kubeconfig))).toMatchObject({
    "current-context": "cluster-gke-auto",
    clusters: [{ cluster: { server: "https://10.0.0.2", "certificate-authority-data": "Q0E=" } }],
    users: [{ user: { exec: { command: "gke-gcloud-auth-plugin" } } }],
  });
});

test("node auto-provisioning has limits, and nodes with the hardening of the other pools", async () => {
  const { resources } = await build({
    zones: ["europe-west4-a", "europe-west4-b"],
    autoProvisioning: { maxVcpus: 96, maxMemoryGib: 384, maxGpus: { "nvidia-t4": 4 } },
  });
  expect(cluster(resources)["clusterAutoscaling"]).toEqual({
    enabled: true,
    resourceLimits: [
      { resourceType: "cpu", minimum: 0, maximum: 96 },
      { resourceType: "memory", minimum: 0, maximum: 384 },
      { resourceType: "nvidia-tesla-t4", minimum: 0, maximum: 4 },
    ],
    autoProvisioningLocations: ["europe-west4-a", "europe-west4-b"],
    autoProvisioningDefaults: {
      serviceAccount: "cluster-nodes-auto@acme-ml.iam.gserviceaccount.com",
      oauthScopes: ["https://www.googleapis.com/auth/cloud-platform"],
      bootDiskKmsKey: "key-key-id",
      diskSize: 100,
      imageType: "COS_CONTAINERD",
      shieldedInstanceConfig: { enableSecureBoot: true, enableIntegrityMonitoring: true },
      management: { autoRepair: true, autoUpgrade: true },
      upgradeSettings: { strategy: "SURGE", maxSurge: 1, maxUnavailable: 0 },
    },
  });
  expect(cluster((await build()).resources)).not.toHaveProperty("clusterAutoscaling");
});
