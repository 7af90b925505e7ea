import { buildImages } from "../local/images/build-images.ts";
import { clusterAddons } from "../local/cluster/cluster-addons.ts";
import { clusterUp } from "../local/cluster/cluster-up.ts";
import { STACK_IMAGES } from "../local/images/plan-images.ts";
import { buildPrograms } from "../local/tools/cluster-programs.ts";
import { PUBLISHED_TOOLS } from "../local/tools/published-files.ts";
import type { Progress } from "../local/progress.ts";
import type { TargetPlan } from "./target.ts";

export interface PrepareOptions {
  /** Builds the programs of the local cluster from source, even where they can be downloaded. @default false */
  build?: boolean;
}

/**
 * Starts the missing parts of the local cluster, and builds its images. For a cluster of the user with `--registry`, pushes the
 * images there. Does nothing for a stack with a registry of its own: `npm run mirror` fills that registry.
 */
export async function prepareTarget(
  plan: TargetPlan,
  progress: Progress,
  { build = false }: PrepareOptions = {},
): Promise<void> {
  const { local, registry, config } = plan;
  if (local) {
    if (build) await buildPrograms(progress, PUBLISHED_TOOLS);
    return prepareLocal(progress);
  }
  if (build)
    progress.note("--build does nothing: it is for the local cluster, and the stack has another one");
  if (config["slipway:registry"] === undefined) return;
  const { host, pathname } = new URL(registry.url);
  await buildImages(progress, {
    registry: {
      host: `${host}${pathname.replace(/\/$/, "")}`,
      url: registry.url,
      authFile: registry.credentialsFile ?? "",
    },
    only: STACK_IMAGES, // the others are for the local cluster
  });
}

async function prepareLocal(progress: Progress): Promise<void> {
  const cluster = await clusterUp(progress);
  const { images } = await buildImages(progress, { registry: cluster.registry });
  const reference = (name: "pause" | "coredns"): string => {
    const image = images[name];
    if (image === undefined)
      throw new Error(`images.dev.lock.json has no image ${name}: delete it and run again`);
    return `${cluster.registry.host}/${image.repository}@${image.digest}`;
  };
  await clusterAddons(progress, cluster, { pause: reference("pause"), coredns: reference("coredns") });
}
