import type { GpuType } from "../../platform/kubernetes/gpu-types.ts";

type ZonesByRegion = Readonly<Record<string, string>>;

/**
 * GPU → region → the last letters of the zones that have a machine with it. GKE refuses a pool if one of its zones lacks the GPU.
 * Zones come and go, so the config can name others.
 *
 * @see https://cloud.google.com/compute/docs/regions-zones/gpu-regions-zones
 * @see https://github.com/skypilot-org/skypilot-catalog/blob/006059e0f18acb1341e22a27751e9f80df6ba92f/catalogs/v8/gcp/vms.csv (2026)
 */
const GPU_ZONES: Readonly<Partial<Record<GpuType, ZonesByRegion>>> = {
  "nvidia-t4": {
    "asia-east1": "ac",
    "asia-east2": "ac",
    "asia-northeast1": "ac",
    "asia-northeast3": "bc",
    "asia-south1": "ab",
    "asia-southeast1": "abc",
    "asia-southeast2": "ab",
    "australia-southeast1": "ac",
    "europe-central2": "bc",
    "europe-west1": "bcd",
    "europe-west2": "ab",
    "europe-west3": "b",
    "europe-west4": "abc",
    "me-west1": "bc",
    "northamerica-northeast1": "c",
    "southamerica-east1": "abc",
    "us-central1": "abcf",
    "us-east1": "bcd",
    "us-east4": "abc",
    "us-west1": "ab",
    "us-west2": "bc",
    "us-west3": "b",
    "us-west4": "ab",
  },
  "nvidia-v100": {
    "asia-east1": "c",
    "europe-west4": "abc",
    "us-central1": "abcf",
    "us-east1": "bc",
    "us-west1": "ab",
  },
  "nvidia-l4": {
    "asia-east1": "abc",
    "asia-northeast1": "abc",
    "asia-northeast3": "ab",
    "asia-south1": "abc",
    "asia-southeast1": "abc",
    "europe-west1": "bc",
    "europe-west2": "ab",
    "europe-west3": "ab",
    "europe-west4": "abc",
    "europe-west6": "bc",
    "me-central2": "ac",
    "northamerica-northeast1": "bc",
    "northamerica-northeast2": "ab",
    "us-central1": "abc",
    "us-east1": "bcd",
    "us-east4": "ac",
    "us-west1": "abc",
    "us-west4": "ac",
  },
  "nvidia-a100-40gb": {
    "asia-northeast1": "ac",
    "asia-northeast3": "ab",
    "asia-southeast1": "abc",
    "europe-west4": "ab",
    "me-west1": "ac",
    "us-central1": "abcf",
    "us-east1": "b",
    "us-west1": "b",
    "us-west3": "b",
    "us-west4": "b",
  },
  "nvidia-a100-80gb": {
    "asia-southeast1": "c",
    "europe-west4": "a",
    "us-central1": "ac",
    "us-east4": "c",
    "us-east5": "ab",
  },
  "nvidia-h100-80gb": {
    "asia-east1": "c",
    "asia-northeast1": "b",
    "asia-south1": "c",
    "asia-south2": "b",
    "asia-southeast1": "bc",
    "australia-southeast1": "c",
    "europe-north1": "c",
    "europe-west1": "bc",
    "europe-west3": "c",
    "europe-west4": "bc",
    "europe-west9": "c",
    "us-central1": "abc",
    "us-east4": "abc",
    "us-east5": "a",
    "us-west1": "ab",
    "us-west4": "a",
  },
  "nvidia-h200-141gb": {
    "asia-south1": "b",
    "asia-south2": "c",
    "europe-west1": "b",
    "europe-west4": "a",
    "us-central1": "b",
    "us-east4": "b",
    "us-east5": "a",
    "us-south1": "b",
    "us-west1": "c",
  },
};

/** Returns the zones of a region that are known to have a GPU, such as `europe-west4-a`; none if the table has none. */
export function gkeGpuZones(type: GpuType, region: string): string[] {
  return [...(GPU_ZONES[type]?.[region] ?? "")].map((letter) => `${region}-${letter}`);
}

/** Returns the rule that a pool without `zones` breaks in a region without a known zone; undefined if a zone is known. */
export function gkeGpuZonesFault(type: GpuType, region: string): string | undefined {
  if (gkeGpuZones(type, region).length > 0) return undefined;
  const regions = Object.keys(GPU_ZONES[type] ?? {}).sort();
  return `must be set for ${type} in ${region}, where no zone is known to have it (known in ${regions.join(", ") || "no region"}, as of 2026)`;
}
