import { describe, expect, it } from "vitest";
import type { Finding } from "../../../operations/doctor/finding.ts";
import { checkGcp } from "../../../operations/doctor/gcp/check-gcp.ts";
import type { PlannedResource } from "../../../operations/doctor/planned-resource.ts";
import { provisionedDemand, type ProvisionedDemand } from "../../../operations/doctor/provisioned-demand.ts";
import { fakeCloudCli, lines } from "./fake-cloud-cli.ts";

const pool = (
  name: string,
  totalMinNodeCount: number,
  totalMaxNodeCount: number,
  nodeConfig: Record<string, unknown>,
  more: Record<string, unknown> = {},
): PlannedResource => ({
  type: "gcp:container/nodePool:NodePool",
  name,
  inputs: { autoscaling: { totalMinNodeCount, totalMaxNodeCount }, nodeConfig, ...more },
});
const planned: PlannedResource[] = [
  pool("cpu", 3, 10, { machineType: "e2-standard-4", diskSizeGb: 100 }),
  pool("training", 0, 4, {
    machineType: "g2-standard-4",
    spot: true,
    diskSizeGb: 200,
    guestAccelerators: [{ type: "nvidia-l4", count: 1 }],
  }),
  { type: "gcp:container/cluster:Cluster", name: "gke", inputs: { minMasterVersion: "1.35" } },
  {
    type: "gcp:projects/service:Service",
    name: "container",
    inputs: { service: "container.googleapis.com" },
  },
];
const quotas = (ssd: number): object => ({
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
const ANSWERS: Record<string, unknown> = {
  "auth list": [{ account: "me@example.com", status: "ACTIVE" }],
  "projects describe acme-prod": { projectId: "acme-prod", lifecycleState: "ACTIVE" },
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

async function run(
  more: Record<string, unknown> = {},
  resources: PlannedResource[] = planned,
  provisioned: ProvisionedDemand[] = [],
): Promise<Record<string, Finding[]>> {
  const options = { project: "acme-prod", region: "europe-west4", planned: resources, provisioned };
  const found: Record<string, Finding[]> = {};
  for (const check of checkGcp(fakeCloudCli({ ...ANSWERS, ...more }), options))
    found[check.title] = await check.run();
  return found;
}

describe("a project of Google Cloud", () => {
  it("has room for what its pools leave of the limits of node auto-provisioning, or too little", async () => {
    const limits = { maxVcpus: 120, maxMemoryGib: 480, maxGpus: { "nvidia-l4": 6 } };
    const { Quotas = [] } = await run({}, planned, provisionedDemand("gcp", limits));
    // The pools have 56 CPUs and 4 GPUs when they are full.
    expect(Quotas.map(({ subject, state, needed }) => `${state} ${subject}: ${needed}`)).toEqual([
      "wrong CPUS: 12 at first, 120 when all pools are full",
      "ok SSD_TOTAL_GB: 600 at first, 1800 when all pools are full",
      "wrong PREEMPTIBLE_NVIDIA_L4_GPUS: 0 at first, 4 when all pools are full",
      "unknown NVIDIA_L4_GPUS: 2",
      "ok GPUS_ALL_REGIONS: 0 at first, 6 when all pools are full",
    ]);
  });

  it("has what the stack needs, but for GPUs of which another uses one", async () => {
    const found = Object.values(await run()).flat();
    expect(lines(found).filter((line) => !line.startsWith("ok "))).toEqual([
      "wrong PREEMPTIBLE_NVIDIA_L4_GPUS: 4, of which 1 in use: enough for the first up alone",
    ]);
  });

  it("of a trial has too small a quota of SSD for the first nodes and the pool that GKE starts with", async () => {
    const { Quotas = [] } = await run({ "compute regions describe europe-west4": quotas(500) });
    expect(Quotas).toContainEqual(
      expect.objectContaining({
        subject: "SSD_TOTAL_GB",
        state: "wrong",
        found: "500",
        needed: "600 at first, 1800 when all pools are full",
      }),
    );
  });

  it("that tells no CPUs of a machine is not known to have enough", async () => {
    const { Quotas = [] } = await run({ "compute machine-types list": [] });
    expect(lines(Quotas)).toContain(
      "unknown CPUs: Compute Engine tells no CPUs of e2-standard-4, g2-standard-4",
    );
  });

  it("may have no GPU at all", async () => {
    const none = { quotas: [{ metric: "GPUS_ALL_REGIONS", limit: 0, usage: 0 }] };
    const { Quotas = [] } = await run({ "compute project-info describe": none });
    expect(lines(Quotas)).toContain("wrong GPUS_ALL_REGIONS: 0: enough for the first up alone");
  });

  it("has the GPU in two zones of three: a pool in all of them is refused", async () => {
    const [cpu, training, ...rest] = planned as [PlannedResource, PlannedResource, ...PlannedResource[]];
    const everywhere = ["a", "b", "c"].map((letter) => `europe-west4-${letter}`);
    const found = await run({}, [
      cpu,
      { ...training, inputs: { ...training.inputs, nodeLocations: everywhere } },
      ...rest,
    ]);
    expect(lines(found["Machines"] ?? [])).toEqual([
      "ok e2-standard-4 for cpu: in europe-west4-a, europe-west4-b, europe-west4-c",
      "wrong g2-standard-4 with nvidia-l4 for training: in europe-west4-a, europe-west4-b",
    ]);
  });

  it("lacks an API that up cannot switch on by itself", async () => {
    const found = await run({ "services list": [{ config: { name: "serviceusage.googleapis.com" } }] });
    expect(found["Project, APIs and rights"]).toContainEqual(
      expect.objectContaining({
        state: "wrong",
        found: "off: cloudresourcemanager.googleapis.com",
        fix: "gcloud services enable cloudresourcemanager.googleapis.com --project acme-prod",
      }),
    );
  });

  it.each([
    [
      { bindings: [{ role: "roles/editor", members: ["user:me@example.com"] }] },
      "wrong rights of a first up: roles/editor",
    ],
    [
      { bindings: [{ role: "roles/owner", members: ["group:all@example.com"] }] },
      "unknown rights of a first up: no role of me@example.com itself; a group may give it some",
    ],
  ])("gives its deployer %j", async (policy, expected) => {
    const found = await run({ "projects get-iam-policy": policy });
    expect(lines(found["Project, APIs and rights"] ?? [])).toContain(expected);
  });

  it("does not offer the version, or nobody is logged in, or nothing may be asked", async () => {
    const old = await run({ "container get-server-config": { validMasterVersions: ["1.37.0-gke.1"] } });
    expect(old["Versions"]).toMatchObject([
      { state: "wrong", found: "offered: 1.37", fix: 'cluster.version: "1.37"' },
    ]);
    const out = await run({ "auth list": [] });
    expect(lines(out["Project, APIs and rights"] ?? [])).toEqual(["wrong account that is logged in: none"]);
    const refused = await run(
      Object.fromEntries(Object.keys(ANSWERS).map((key) => [key, new Error("PERMISSION_DENIED")])),
    );
    expect(lines(refused["Quotas"] ?? [])).toEqual(["unknown quotas of Compute Engine: PERMISSION_DENIED"]);
  });
});
