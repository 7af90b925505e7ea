import { ARCHITECTURES, type Architecture } from "../../components/platform/kubernetes/architecture.ts";
import type { ImageName, ImagesLock } from "../../components/platform/registry/images-lock.ts";
import { clusterGpuTypes } from "./schema/cluster-gpus.ts";
import type { ManagedClusterConfig } from "./schema/cluster.ts";
import { poolArchitecture } from "./schema/pool-architecture.ts";
import type { StackConfig } from "./schema.ts";

/** Images of pods that run on either of the pools `system` and `cpu`, because they tolerate the taint of the first. */
const ON_BOTH_POOLS: readonly ImageName[] = ["aws-load-balancer-controller", "cluster-autoscaler"];
/** Images of pods that run on nodes with accelerators alone. */
const ON_ACCELERATORS: readonly ImageName[] = [
  "dcgm-exporter",
  "neuron-device-plugin",
  "nvidia-device-plugin",
];

/**
 * Returns what is wrong with the platforms of the images that a stack runs, where a pool has Arm machines: one sentence for each fault,
 * with its fix. A stack without Arm machines has none, because the lock takes only images for x86.
 */
export function imagePlatformFaults(
  lock: ImagesLock,
  { cluster, cloud, images }: Pick<StackConfig, "cluster" | "cloud" | "images">,
  {
    needed,
    stack,
  }: { needed: readonly ImageName[]; /** Name of the stack, for the commands in messages. */ stack: string },
): string[] {
  if (cluster.kind === "existing") return [];
  const pools = ["system", "cpu"] as const;
  const armPool = pools.find((pool) => poolArchitecture(cluster, pool) === "arm64");
  if (armPool === undefined) return [];
  const where = `cluster.nodePools.${armPool}.machine is ${cluster.nodePools[armPool]?.machine}, an Arm machine`;
  const unknown: ImageName[] = [];
  const missing: string[] = [];
  for (const name of needed) {
    const image = lock.images[name];
    if (image === undefined) continue; // `supplyImages` says that it is not locked
    const wanted = wantedArchitectures(name, cluster, cloud?.targets.length ?? 0);
    if (image.platforms === undefined) {
      if (wanted.includes("arm64")) unknown.push(name);
      continue;
    }
    const { platforms } = image;
    const absent = wanted.filter((architecture) => !platforms.includes(`linux/${architecture}`));
    if (absent.length > 0) missing.push(`${name} has no image for linux/${absent.join(" and linux/")}`);
  }
  const { lockFile } = images;
  return [
    ...(unknown.length > 0
      ? [
          `${where}, and ${lockFile} does not say for which platforms ${unknown.join(", ")} have an image: npm run lock -- --stack ${stack} --platforms asks their registries`,
        ]
      : []),
    ...(missing.length > 0
      ? [
          `${where}, and by ${lockFile} ${missing.join(", ")}: take another release of them in images.sources.json and run npm run lock -- --stack ${stack}, or choose a machine with x86 processors`,
        ]
      : []),
  ];
}

/** Returns what is wrong with the platform of a runtime image that the stack builds; undefined if nothing is. A build has one platform. */
export function builtPlatformFault(
  { cluster, cloud }: Pick<StackConfig, "cluster" | "cloud">,
  { built, stack }: { built: Architecture; stack: string },
): string | undefined {
  if (cluster.kind === "existing") return undefined;
  const wanted = wantedArchitectures("runtime", cluster, cloud?.targets.length ?? 0);
  if (wanted.length > 1)
    return `must be left out: the runtime image runs on ${wanted.join(" and ")}, and a build is for one of them: take a released image with npm run lock -- --stack ${stack} --runtime IMAGE`;
  if (wanted.includes(built)) return undefined;
  const flag = wanted.includes("arm64") ? "arm64" : "x64";
  return `must be staged for ${wanted.join("")}, the processors of the pool cpu, got ${built}: npm run stage -- --arch ${flag}`;
}

/** Returns the architectures of the nodes on which pods with this image run. */
function wantedArchitectures(
  name: ImageName,
  cluster: ManagedClusterConfig,
  targets: number,
): readonly Architecture[] {
  if (ON_ACCELERATORS.includes(name)) return ["amd64"];
  const wanted = new Set([poolArchitecture(cluster, "cpu")]);
  if (ON_BOTH_POOLS.includes(name)) wanted.add(poolArchitecture(cluster, "system"));
  // Machines with GPUs have x86 processors, and so have the services of a cloud that run outside of the cluster.
  if (name === "runtime" && (clusterGpuTypes(cluster).length > 0 || targets > 0)) wanted.add("amd64");
  return ARCHITECTURES.filter((architecture) => wanted.has(architecture));
}
