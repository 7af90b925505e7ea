import fc from "fast-check";
import { expect, test } from "vitest";
import { isPrivateCidr } from "../../../../components/platform/kubernetes/private-cidr.ts";
import { gpuPartition } from "../../../../components/gcp/cluster/gke-gpu-partitions.ts";
import { gkeGpuZones, gkeGpuZonesFault } from "../../../../components/gcp/cluster/gke-gpu-zones.ts";
import { gkeKubeconfig } from "../../../../components/gcp/cluster/gke-kubeconfig.ts";
import { gkePoolName, initialNodesPerZone } from "../../../../components/gcp/cluster/gke-node-config.ts";
import { tpuSlice } from "../../../../components/gcp/cluster/gke-tpu-topology.ts";
import {
  GKE_DEFAULT_VERSION,
  GKE_VERSIONS,
  gkeSupportWarning,
  gkeVersion,
} from "../../../../components/gcp/cluster/gke-versions.ts";
import { gpuMachine, gpuTypesOf } from "../../../../components/platform/gpu/gpu-machines.ts";
import { GPU_TYPES, MIG_TYPES } from "../../../../components/platform/kubernetes/gpu-types.ts";

test("refuses a version that GKE does not have, and names the others", () => {
  expect(gkeVersion("1.36", "cluster")).toBe("1.36");
  expect(() => gkeVersion("1.29", "cluster")).toThrow(
    "cluster: version must be one of 1.34, 1.35, 1.36, got 1.29; see https://cloud.google.com/",
  );
});

test("the default version is in the table, and supported beyond 2026", () => {
  const { standardSupportEnds } = GKE_VERSIONS[GKE_DEFAULT_VERSION] ?? { standardSupportEnds: "" };
  expect(standardSupportEnds > "2027-03").toBe(true);
  for (const { standardSupportEnds } of Object.values(GKE_VERSIONS))
    expect(new Date(standardSupportEnds).toISOString().slice(0, 10)).toBe(standardSupportEnds);
});

test.each([
  ["1.35", "2027-01-10", undefined],
  ["1.35", "2027-01-12", "standard support ends on 2027-04-11, in 89 days"],
  ["1.34", "2026-12-01", "standard support ended on 2026-11-30"],
  ["1.99", "2026-12-01", undefined],
])("version %s on %s: %s", (version, day, warning) => {
  const text = gkeSupportWarning(version, new Date(day));
  if (warning === undefined) expect(text).toBeUndefined();
  else expect(text).toContain(`Kubernetes ${version}: ${warning}`);
});

test("every GPU of Google Cloud has a zone in some region, and every zone has the form of Google's zones", () => {
  const regions = ["us-central1", "europe-west4"];
  for (const type of gpuTypesOf("gcp")) {
    const zones = regions.flatMap((region) => gkeGpuZones(type, region));
    expect(zones.length, type).toBeGreaterThan(1);
    for (const zone of zones) expect(zone).toMatch(/^(us-central1|europe-west4)-[a-f]$/);
    expect(gkeGpuZonesFault(type, "us-central1")).toBeUndefined();
  }
  expect(gkeGpuZones("nvidia-a100-40gb", "us-east4")).toEqual([]);
  expect(gkeGpuZonesFault("nvidia-v100", "europe-west3")).toBe(
    "must be set for nvidia-v100 in europe-west3, where no zone is known to have it (known in asia-east1, europe-west4, us-central1, us-east1, us-west1, as of 2026)",
  );
});

test.each([
  ["10.0.0.0/8", true],
  ["10.255.255.255/32", true],
  ["10.0.0.0/7", false],
  ["172.16.0.0/12", true],
  ["172.31.4.0/24", true],
  ["172.32.0.0/16", false],
  ["192.168.1.0/24", true],
  ["192.169.0.0/16", false],
  ["100.64.0.0/10", true],
  ["100.128.0.0/10", false],
  ["203.0.113.0/24", false],
])("%s is private: %s", (cidr, isPrivate) => {
  expect(isPrivateCidr(cidr)).toBe(isPrivate);
});

test("exactly the MIG GPUs of Google Cloud have partitions", () => {
  for (const type of GPU_TYPES) {
    const splits = MIG_TYPES.includes(type) && gpuTypesOf("gcp").includes(type);
    const message = splits ? "mig must be one of" : "mig must be left out";
    expect(() => gpuPartition(type, "9g.999gb", "pool")).toThrow(`pool: ${message}`);
  }
});

test("the largest partition has all 7 slices and all memory of the GPU", () => {
  expect(gpuPartition("nvidia-a100-40gb", "7g.40gb", "pool")).toBe("7g.40gb");
  expect(gpuPartition("nvidia-a100-80gb", "7g.80gb", "pool")).toBe("7g.80gb");
  expect(gpuPartition("nvidia-h200-141gb", "7g.141gb", "pool")).toBe("7g.141gb");
});

test("every GPU machine of Google Cloud names its accelerator", () => {
  for (const type of gpuTypesOf("gcp"))
    for (const count of [1, 2, 4, 8])
      try {
        expect(gpuMachine("gcp", type, count).accelerator).toMatch(/^nvidia-/);
      } catch (error) {
        expect(String(error)).toContain("count must be");
      }
});

// From the tables of https://cloud.google.com/kubernetes-engine/docs/concepts/plan-tpus
test.each([
  ["ct5lp-hightpu-1t", "1x1", 1],
  ["ct5lp-hightpu-4t", "2x2", 1],
  ["ct5lp-hightpu-8t", "2x4", 1],
  ["ct5lp-hightpu-4t", "2x4", 2],
  ["ct5lp-hightpu-4t", "16x16", 64],
  ["ct6e-standard-4t", "2x2", undefined],
  ["ct4p-hightpu-4t", "2x2x1", 1],
  ["ct4p-hightpu-4t", "2x2x4", 4],
  ["ct5p-hightpu-4t", "4x4x4", 16],
])("a slice of %s in %s has %s nodes", (machine, topology, nodes) => {
  if (nodes === undefined) expect(() => tpuSlice(machine, topology, "pool")).toThrow("machine must be a TPU");
  else expect(tpuSlice(machine, topology, "pool").nodes).toBe(nodes);
});

test.each([
  [
    "ct5lp-hightpu-4t",
    "2x2x1",
    "topology must have 2 dimensions for ct5lp-hightpu-4t, got 2x2x1; such as 2x2",
  ],
  ["ct5p-hightpu-4t", "2x2", "topology must have 3 dimensions for ct5p-hightpu-4t, got 2x2; such as 2x2x1"],
  [
    "ct5lp-hightpu-8t",
    "2x2",
    "topology must be a multiple of the 8 chips of ct5lp-hightpu-8t, got 2x2; that is 4",
  ],
  ["n2-standard-4", "2x2", "machine must be a TPU machine of ct4p, ct5lp, ct5p, ct6e, got n2-standard-4"],
])("%s in %s is refused", (machine, topology, message) => {
  expect(() => tpuSlice(machine, topology, "pool")).toThrow(`pool: ${message}`);
});

test("the initial size of a pool is never over its maximum, and reaches its minimum if the zones allow it", () => {
  fc.assert(
    fc.property(fc.nat(100), fc.integer({ min: 1, max: 100 }), fc.constantFrom(1, 3), (min, more, zones) => {
      const max = min + more;
      const nodes = initialNodesPerZone(min, max, zones) * zones;
      expect(nodes).toBeLessThanOrEqual(max);
      expect(nodes).toBeGreaterThan(min - zones);
      if (min === 0) expect(nodes).toBe(0);
    }),
  );
});

test("the name of a pool is valid for GKE, also for a long pool name", () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$/), fc.nat(), (pool, diskGib) => {
      expect(gkePoolName(pool, { diskGib })).toMatch(/^[a-z]([a-z0-9-]{0,38})[a-z0-9]$/);
    }),
  );
});

test("a pool with different nodes has a different name, so that both can exist", () => {
  const name = gkePoolName("training", { machine: "g2-standard-4" });
  expect(name).toMatch(/^training-[0-9a-f]{6}$/);
  expect(gkePoolName("training", { machine: "g2-standard-4" })).toBe(name);
  expect(gkePoolName("training", { machine: "g2-standard-8" })).not.toBe(name);
  const long = "a".repeat(40);
  expect(gkePoolName(`${long}1`, {})).not.toBe(gkePoolName(`${long}2`, {}));
});

test("a kubeconfig gets a token from the plugin, and contains none", () => {
  const config: unknown = JSON.parse(
    gkeKubeconfig({ name: "ml", endpoint: "10.0.0.2", caCertificate: "Q0E=" }),
  );
  expect(config).toMatchObject({
    "current-context": "ml",
    contexts: [{ name: "ml", context: { cluster: "ml", user: "ml" } }],
    clusters: [{ name: "ml", cluster: { server: "https://10.0.0.2", "certificate-authority-data": "Q0E=" } }],
    users: [
      {
        name: "ml",
        user: {
          exec: {
            apiVersion: "client.authentication.k8s.io/v1beta1",
            command: "gke-gcloud-auth-plugin",
            provideClusterInfo: true,
          },
        },
      },
    ],
  });
  expect(JSON.stringify(config)).not.toMatch(/token|password|client-key/);
});
