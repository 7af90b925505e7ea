import { describe, expect, it } from "vitest";
import { provisionedDemand } from "../../../operations/doctor/provisioned-demand.ts";
import { lines } from "./fake-cloud-cli.ts";
import { planned, quotas, run } from "./gcp-account.ts";
import type { Planned } from "./planned.ts";

describe("machines and quotas of a project of Google Cloud", () => {
  it("has room for what its pools leave of the limits of node auto-provisioning, or too little", async () => {
    const limits = { maxVcpus: 120, maxMemoryGib: 480, maxGpus: { "nvidia-l4": 6 } };
    const { Quotas = [] } = await run({}, { provisioned: provisionedDemand("gcp", limits) });
    // The pools have 56 CPUs and 4 GPUs when they are full.
    expect(Quotas.map(({ subject, state, needed }) => `${state} ${subject}: ${needed}`)).toEqual([
      "wrong CPUS: 12 at first, 120 when all pools are full",
      "ok SSD_TOTAL_GB: 300 at first, 1800 when all pools are full",
      "wrong PREEMPTIBLE_NVIDIA_L4_GPUS: 0 at first, 4 when all pools are full",
      "unknown NVIDIA_L4_GPUS: 2",
      "ok GPUS_ALL_REGIONS: 0 at first, 6 when all pools are full",
    ]);
  });

  it("has too small a quota of SSD: the first nodes count, and not the standard disks of the pool that GKE starts with", async () => {
    const { Quotas = [] } = await run({ "compute regions describe europe-west4": quotas(250) });
    expect(Quotas).toContainEqual(
      expect.objectContaining({
        subject: "SSD_TOTAL_GB",
        state: "wrong",
        found: "250",
        needed: "300 at first, 1800 when all pools are full",
      }),
    );
  });

  it.each([
    [3, undefined],
    [2, ["europe-west4-a", "europe-west4-b"]],
  ])(
    "gives a pool one node in each of %i zones at first, where its minimum is lower",
    async (nodes, zones) => {
      const [cpu, , cluster] = planned as [Planned, Planned, Planned];
      const inCluster = zones === undefined ? {} : { nodeLocations: zones };
      const { Quotas = [] } = await run(
        {},
        {
          planned: [
            {
              ...cpu,
              inputs: { ...cpu.inputs, autoscaling: { totalMinNodeCount: 1, totalMaxNodeCount: 10 } },
            },
            { ...cluster, inputs: { ...cluster.inputs, ...inCluster } },
          ],
        },
      );
      expect(Quotas).toContainEqual(
        expect.objectContaining({
          subject: "CPUS",
          needed: `${nodes * 4} at first, 40 when all pools are full`,
        }),
      );
    },
  );

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
    const [cpu, training, ...rest] = planned as [Planned, Planned, ...Planned[]];
    const everywhere = ["a", "b", "c"].map((letter) => `europe-west4-${letter}`);
    const found = await run(
      {},
      { planned: [cpu, { ...training, inputs: { ...training.inputs, nodeLocations: everywhere } }, ...rest] },
    );
    expect(lines(found["Machines"] ?? [])).toEqual([
      "ok e2-standard-4 for cpu: in europe-west4-a, europe-west4-b, europe-west4-c",
      "wrong g2-standard-4 with nvidia-l4 for training: in europe-west4-a, europe-west4-b",
    ]);
  });
});
