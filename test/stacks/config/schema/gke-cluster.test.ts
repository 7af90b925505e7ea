import { expect, test } from "vitest";
import { gke } from "./clouds.ts";
import { L4, parseCluster, type Keys } from "./parse-cluster.ts";

const onGke = (more: object): Keys => ({
  cluster: { ...gke, ...more },
  registry: { kind: "artifact-registry" },
});

test("on Google Cloud, the cluster and its GPU pools take zones, and the policy of the project may be replaced", () => {
  const zones = ["europe-west4-a", "europe-west4-c"];
  const binaryAuthorization = { replaceProjectPolicy: true, imageSources: ["ghcr.io/external-secrets/**"] };
  const gpuPools = { own: { ...L4, zones: ["europe-north2-a"] } };
  expect(parseCluster(onGke({ zones, binaryAuthorization })).cluster).toMatchObject({
    zones,
    binaryAuthorization,
  });
  expect(parseCluster(onGke({ region: "europe-north2", gpuPools })).cluster).toMatchObject({ gpuPools });
});

test.each<[string, object, string]>([
  [
    "a GPU in a region where no zone is known to have it",
    { region: "europe-north2", gpuPools: { small: L4 } },
    "gpuPools.small.zones: must be set for nvidia-l4 in europe-north2, where no zone is known to have it",
  ],
  [
    "another region's zones of a pool",
    { gpuPools: { small: { ...L4, zones: ["europe-west1-b"] } } },
    "gpuPools.small.zones: must be different zones of europe-west4",
  ],
  [
    "another region's zones",
    { zones: ["us-central1-a", "us-central1-b"] },
    "zones: must be different zones of europe-west4",
  ],
  ["one zone", { zones: ["europe-west4-a"] }, "zones"],
  ["logs that are not kept for a day", { logDays: 0 }, "logDays: must be at least 1"],
  [
    "a part of a host with H100 on demand",
    { gpuPools: { small: { type: "nvidia-h100-80gb", count: 2, max: 1 } } },
    "gpuPools.small.spot: must be true for 2 nvidia-h100-80gb on Google Cloud",
  ],
  [
    "image sources without the word that the policy of the project may be replaced",
    { binaryAuthorization: { imageSources: ["ghcr.io/a/**"] } },
    "binaryAuthorization.replaceProjectPolicy",
  ],
])("on Google Cloud, refuses %s", (_what, more, message) => {
  expect(() => parseCluster(onGke(more))).toThrow(`slipway:cluster.${message}`);
});
