import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { clusterAddons, type AddonImages } from "../../local/cluster/cluster-addons.ts";
import { clusterDown } from "../../local/cluster/cluster-down.ts";
import { clusterStatus } from "../../local/cluster/cluster-status.ts";
import { clusterUp, type Cluster } from "../../local/cluster/cluster-up.ts";
import { home } from "../../local/home.ts";
import { buildImages } from "../../local/images/build-images.ts";
import { lineProgress } from "../../local/progress.ts";

/** Whether this machine holds a cluster, or what is left of one, that the tests did not start. */
export async function clusterExists(): Promise<boolean> {
  return existsSync(home()) || (await clusterStatus()).running;
}

export interface TestCluster {
  cluster: Cluster;
  images: AddonImages;
  /** Takes the cluster down if it was started here. */
  stop(): Promise<void>;
}

/** A bare cluster with DNS and volumes: the one that runs, or one started for the tests. */
export async function startTestCluster(): Promise<TestCluster> {
  const progress = lineProgress();
  const started = !(await clusterExists());
  const folder = await mkdtemp(join(tmpdir(), "slipway-images-"));
  try {
    const cluster = await clusterUp(progress);
    const lock = await buildImages(progress, {
      registry: cluster.registry,
      only: ["pause", "coredns"],
      lockFile: join(folder, "images.lock.json"),
    });
    const reference = (name: "pause" | "coredns"): string =>
      `${cluster.registry.host}/${lock.images[name]?.repository}@${lock.images[name]?.digest}`;
    const images = { pause: reference("pause"), coredns: reference("coredns") };
    await clusterAddons(progress, cluster, images);
    return {
      cluster,
      images,
      stop: async () => {
        if (started) await clusterDown(progress, { purge: false });
      },
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}
