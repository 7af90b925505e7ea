import { checkGcp } from "../../../operations/doctor/gcp/check-gcp.ts";
import { fakeAccount } from "./fake-account.ts";
import type { Planned } from "./planned.ts";

const pool = (
  name: string,
  totalMinNodeCount: number,
  totalMaxNodeCount: number,
  nodeConfig: Record<string, unknown>,
  more: Record<string, unknown> = {},
): Planned => ({
  type: "gcp:container/nodePool:NodePool",
  name,
  inputs: { autoscaling: { totalMinNodeCount, totalMaxNodeCount }, nodeConfig, ...more },
});
/** What the plan of a small foundation has. */
export const planned: Planned[] = [
  pool("cpu", 2, 10, { machineType: "e2-standard-4", diskSizeGb: 100 }, { initialNodeCount: 1 }),
  pool("training", 0, 4, {
    machineType: "g2-standard-4",
    spot: true,
    diskSizeGb: 200,
    guestAccelerators: [{ type: "nvidia-l4", count: 1 }],
  }),
  { type: "gcp:container/cluster:Cluster", name: "gke", inputs: { minMasterVersion: "1.35" } },
  { type: "gcp:storage/bucket:Bucket", name: "data", inputs: { name: "acme-prod-data" } },
  { type: "gcp:secretmanager/secret:Secret", name: "slack", inputs: { secretId: "slipway-slack-webhook" } },
  {
    type: "gcp:artifactregistry/repository:Repository",
    name: "images",
    inputs: { repositoryId: "slipway" },
  },
  { type: "gcp:serviceaccount/account:Account", name: "training", inputs: { accountId: "slipway-training" } },
  {
    type: "gcp:billing/budget:Budget",
    name: "monthly",
    inputs: { amount: { specifiedAmount: { currencyCode: "USD", units: "2500" } } },
  },
  {
    type: "gcp:projects/service:Service",
    name: "container",
    inputs: { service: "container.googleapis.com" },
  },
];
export const quotas = (ssd: number): object => ({
  quotas: [
    { metric: "CPUS", limit: 100, usage: 0 },
    { metric: "SSD_TOTAL_GB", limit: ssd, usage: 0 },
    { metric: "PREEMPTIBLE_NVIDIA_L4_GPUS", limit: 4, usage: 1 },
  ],
});
const zone = (name: string, letter: string, more: object = {}): object => ({
  name,
  zone: `https://www.googleapis.com/compute/v1/projects/acme/zones/europe-west4-${letter}`,
  ...more,
});
const machines = ["a", "b", "c"].flatMap((letter) => [
  zone("e2-standard-4", letter, { guestCpus: 4 }),
  zone("g2-standard-4", letter, { guestCpus: 4 }),
]);
/** Answers of a project that has almost all that this plan needs. */
export const ANSWERS: Record<string, unknown> = {
  "auth list": [{ account: "me@example.com", status: "ACTIVE" }],
  "projects describe acme-prod": { projectId: "acme-prod", lifecycleState: "ACTIVE" },
  "billing projects describe acme-prod": {
    billingAccountName: "billingAccounts/0A-1B-2C",
    billingEnabled: true,
  },
  "billing accounts describe 0A-1B-2C": { open: true, currencyCode: "USD" },
  "billing accounts get-iam-policy 0A-1B-2C": {
    bindings: [{ role: "roles/billing.costsManager", members: ["user:me@example.com"] }],
  },
  "storage buckets describe gs://acme-prod-data": new Error(
    "ERROR: (gcloud.storage.buckets.describe) gs://acme-prod-data not found: 404.",
  ),
  "secrets list": [{ name: "projects/123/secrets/other" }],
  "artifacts repositories list": [{ name: "projects/acme-prod/locations/europe-west4/repositories/other" }],
  "iam service-accounts list": [
    { name: "projects/acme-prod/serviceAccounts/other@acme-prod.iam.gserviceaccount.com" },
  ],
  "services list": ["cloudresourcemanager", "serviceusage"].map((name) => ({
    config: { name: `${name}.googleapis.com` },
  })),
  "projects get-iam-policy": { bindings: [{ role: "roles/owner", members: ["user:me@example.com"] }] },
  "compute regions describe europe-west4": quotas(5000),
  "compute project-info describe": { quotas: [{ metric: "GPUS_ALL_REGIONS", limit: 8, usage: 0 }] },
  "compute machine-types list": machines,
  "compute accelerator-types list": [zone("nvidia-l4", "a"), zone("nvidia-l4", "b")],
  "container get-server-config": { validMasterVersions: ["1.36.1-gke.100", "1.35.4-gke.2000"] },
};

/** Runs the checks against this project. */
export const run = fakeAccount({ answers: ANSWERS, planned }, (cli, needs) =>
  checkGcp(cli, { project: "acme-prod", region: "europe-west4", ...needs }),
);
