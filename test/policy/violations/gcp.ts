import type { Planned, Violation } from "./planned.ts";

const LABELS = { owner: "ml", environment: "test" };

function cluster(name: string): Planned[] {
  const inputs = {
    name,
    location: "europe-west1",
    removeDefaultNodePool: true,
    initialNodeCount: 1,
    minMasterVersion: "1.99",
    privateClusterConfig: { enablePrivateNodes: true },
    masterAuthorizedNetworksConfig: { cidrBlocks: [{ cidrBlock: "203.0.113.0/24" }] },
    binaryAuthorization: { evaluationMode: "PROJECT_SINGLETON_POLICY_ENFORCE" },
    releaseChannel: { channel: "REGULAR" },
    resourceLabels: LABELS,
  };
  return [{ name, type: "gcp:container/cluster:Cluster", inputs, protect: true }];
}

function pool(name: string): Planned[] {
  const nodeConfig = {
    machineType: "n2-standard-4",
    shieldedInstanceConfig: { enableSecureBoot: true },
    workloadMetadataConfig: { mode: "GKE_METADATA" },
  };
  const inputs = { cluster: "test", location: "europe-west1", nodeConfig };
  return [{ name, type: "gcp:container/nodePool:NodePool", inputs }];
}

function bucket(name: string): Planned[] {
  const inputs = { location: "EU", uniformBucketLevelAccess: true, labels: LABELS };
  return [{ name, type: "gcp:storage/bucket:Bucket", inputs, protect: true }];
}

function member(name: string): Planned[] {
  const inputs = {
    bucket: "artifacts",
    role: "roles/storage.objectViewer",
    member: "serviceAccount:reader@project.iam.gserviceaccount.com",
  };
  return [{ name, type: "gcp:storage/bucketIAMMember:BucketIAMMember", inputs }];
}

function identity(name: string): Planned[] {
  const inputs = {
    serviceAccountId: "projects/project/serviceAccounts/pushback@project.iam.gserviceaccount.com",
    role: "roles/iam.workloadIdentityUser",
    member: "serviceAccount:project.svc.id.goog[production/pushback]",
  };
  return [{ name, type: "gcp:serviceaccount/iAMMember:IAMMember", inputs }];
}

function firewall(name: string): Planned[] {
  const inputs = {
    network: "ml",
    allows: [{ protocol: "tcp", ports: ["443"] }],
    sourceRanges: ["10.0.0.0/8"],
  };
  return [{ name, type: "gcp:compute/firewall:Firewall", inputs }];
}

function invoker(name: string): Planned[] {
  const inputs = {
    name: "pushback",
    location: "europe-west1",
    role: "roles/run.invoker",
    member: "serviceAccount:caller@project.iam.gserviceaccount.com",
  };
  return [{ name, type: "gcp:cloudrunv2/serviceIamMember:ServiceIamMember", inputs }];
}

function database(name: string): Planned[] {
  const inputs = {
    databaseVersion: "POSTGRES_17",
    region: "europe-west1",
    settings: { tier: "db-custom-2-8192", ipConfiguration: { ipv4Enabled: false }, userLabels: LABELS },
  };
  return [{ name, type: "gcp:sql/databaseInstance:DatabaseInstance", inputs, protect: true }];
}

/** One for each policy of Google Cloud, and those of the platform that it shows best. */
export const gcpViolations: Violation[] = [
  {
    policy: "gcp-gke-control-plane-not-public",
    good: cluster,
    set: { "masterAuthorizedNetworksConfig.cidrBlocks": [{ cidrBlock: "0.0.0.0/0" }] },
    reads: ["privateClusterConfig"],
  },
  {
    policy: "gcp-gke-authorized-networks",
    good: cluster,
    set: { masterAuthorizedNetworksConfig: undefined },
    reads: ["privateClusterConfig"],
  },
  {
    policy: "gcp-gke-private-cluster",
    good: cluster,
    // The nodes stay private: the next policy is about them.
    set: { privateClusterConfig: undefined, networkConfig: { defaultEnablePrivateNodes: true } },
  },
  {
    policy: "gcp-gke-private-nodes",
    good: cluster,
    set: { "privateClusterConfig.enablePrivateNodes": false },
  },
  { policy: "gcp-gke-binary-authorization", good: cluster, set: { binaryAuthorization: undefined } },
  {
    policy: "gcp-gke-secure-boot",
    good: pool,
    set: { "nodeConfig.shieldedInstanceConfig.enableSecureBoot": undefined },
  },
  { policy: "gcp-gke-metadata-server", good: pool, set: { "nodeConfig.workloadMetadataConfig": undefined } },
  { policy: "gcp-gke-release-channel", good: cluster, set: { "releaseChannel.channel": "UNSPECIFIED" } },
  { policy: "gcp-gke-shielded-nodes", good: cluster, set: { enableShieldedNodes: false } },
  { policy: "gcp-gcs-not-public", good: member, set: { member: "allUsers" } },
  { policy: "gcp-gcs-uniform-access", good: bucket, set: { uniformBucketLevelAccess: undefined } },
  {
    policy: "gcp-firewall-not-open",
    good: firewall,
    set: { sourceRanges: ["0.0.0.0/0"] },
    reads: ["allows"],
  },
  { policy: "gcp-run-not-public", good: invoker, set: { member: "allUsers" } },
  { policy: "gcp-sql-not-public", good: database, set: { "settings.ipConfiguration": undefined } },
  {
    policy: "platform-workload-identity-gcp",
    good: identity,
    set: {
      member: "principalSet://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/*",
    },
    reads: ["role"],
  },
  {
    policy: "platform-allowed-regions",
    good: bucket,
    set: { location: "us-central1" },
    config: { regions: ["eu-central-1", "europe-west1", "EU", "West Europe"] },
  },
];
