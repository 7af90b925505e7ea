// Rules about keys of node pools, by cloud.
import { expect, test } from "vitest";
import { parseLayers } from "../parse-layers.ts";
import { aks, cloud, eks, gke } from "./clouds.ts";

type Keys = Record<string, unknown>;
const REGISTRIES = { eks: "ecr", gke: "artifact-registry", aks: "acr" } as const;

const parse = (cluster: Keys & { kind: keyof typeof REGISTRIES }, more: Keys = {}) =>
  parseLayers({
    cluster,
    cloud,
    registry: { kind: REGISTRIES[cluster.kind] },
    images: { lockFile: "images.lock.json" },
    alerts: { receiver: "slack", slackUrlSecret: "slack" },
    environments: { production: {} },
    ...more,
  });
const l4 = { type: "nvidia-l4", count: 1, max: 4 };

test("accepts a list of machine types for spot pools of EKS", () => {
  const { cluster } = parse({
    ...eks,
    nodePools: { cpu: { spot: true, max: 9, spotMachines: ["m7a.2xlarge", "m6i.2xlarge"] } },
    gpuPools: { l4: { ...l4, spot: true, spotMachines: ["g6.2xlarge"] } },
  });
  expect(cluster).toMatchObject({ gpuPools: { l4: { spotMachines: ["g6.2xlarge"] } } });
});

test.each<[string, () => unknown, string]>([
  [
    "several machine types without spot",
    () => parse({ ...eks, gpuPools: { l4: { ...l4, spotMachines: ["g6.2xlarge"] } } }),
    "slipway:cluster.gpuPools.l4.spotMachines: must be left out if spot is not true: other pools have one machine type",
  ],
  [
    "machine types with other processors",
    () => parse({ ...eks, nodePools: { cpu: { spot: true, max: 9, spotMachines: ["m7g.2xlarge"] } } }),
    "slipway:cluster.nodePools.cpu.spotMachines: must have amd64 processors: the node image of the pool is for them",
  ],
  [
    "several machine types on GKE",
    () => parse({ ...gke, nodePools: { cpu: { spot: true, max: 9, spotMachines: ["n2.2xlarge"] } } }),
    "slipway:cluster.nodePools.cpu.spotMachines: must be left out: only on EKS a pool has several machine types",
  ],
  [
    "several machine types on AKS",
    () =>
      parse({
        ...aks,
        gpuPools: { t4: { type: "nvidia-t4", count: 1, max: 1, spot: true, spotMachines: ["a.b"] } },
      }),
    "slipway:cluster.gpuPools.t4.spotMachines: must be left out: only on EKS",
  ],
])("refuses %s", (_title, run, message) => {
  expect(run).toThrow(message);
});
