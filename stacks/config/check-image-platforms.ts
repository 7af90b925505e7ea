import { ARCHITECTURES, type Architecture } from "../../components/platform/kubernetes/architecture.ts";
import type { ImageName, ImagesLock } from "../../components/platform/registry/images-lock.ts";
import type { ConfigFault } from "../../runtime/contract/issues/describe-issues.ts";
import { lockCommand } from "./lock-command.ts";
import { neededImages } from "./needed-images.ts";
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
 * Returns the fault of a pool with Arm machines for which an image of the stack has no build, or the lock does not say so; undefined
 * without one. The fault names every such image. A stack without Arm machines has none, because the lock takes only images for x86. Images
 * without a digest alone are no fault: a preview plans them with zeros, and a deployment refuses them.
 */
export function imagePlatformFault(
  lock: ImagesLock,
  config: Parameters<typeof neededImages>[0],
  {
    buildsRuntime,
    stack,
  }: { buildsRuntime: boolean; /** Name of the stack, for the commands in messages. */ stack: string },
): ConfigFault | undefined {
  const { cluster, cloud, images } = config;
  if (cluster.kind === "existing") return undefined;
  const pools = ["system", "cpu"] as const;
  const armPool = pools.find((pool) => poolArchitecture(cluster, pool) === "arm64");
  if (armPool === undefined) return undefined;
  const unlocked: ImageName[] = [];
  const unknown: ImageName[] = [];
  const missing: { name: ImageName; absent: readonly Architecture[] }[] = [];
  for (const name of neededImages(config, { buildsRuntime })) {
    const image = lock.images[name];
    const wanted = wantedArchitectures(name, cluster, cloud?.targets.length ?? 0);
    const platforms = image?.platforms;
    if (platforms === undefined) {
      if (wanted.includes("arm64")) (image === undefined ? unlocked : unknown).push(name);
      continue;
    }
    const absent = wanted.filter((architecture) => !platforms.includes(`linux/${architecture}`));
    if (absent.length > 0) missing.push({ name, absent });
  }
  if (unknown.length === 0 && missing.length === 0) return undefined;
  const { lockFile } = images;
  const reasons = [
    ...(unknown.length > 0 ? [`${lockFile} does not say the platforms of ${unknown.join(", ")}`] : []),
    ...(unlocked.length > 0 ? [`${lockFile} has no digest of ${unlocked.join(", ")}`] : []),
    ...missing.map(({ name, absent }) => `${name} has no image for linux/${absent.join(" and linux/")}`),
  ];
  const asked = [...unknown, ...unlocked.filter((name) => name !== "runtime")];
  const fixes = [
    ...(asked.length > 0 ? [`npm run lock -- --stack ${stack} --platforms asks the registries`] : []),
    ...(unlocked.includes("runtime") ? [lockCommand(["runtime"], stack)] : []),
    ...(missing.length > 0
      ? [
          `take another release of ${missing.map(({ name }) => name).join(", ")} in images.sources.json and run npm run lock -- --stack ${stack}`,
        ]
      : []),
    "or choose a machine with x86 processors",
  ];
  return {
    path: ["cluster", "nodePools", armPool, "machine"],
    kind: "wrong",
    message: `must have processors for which every image has a build, got ${cluster.nodePools[armPool]?.machine ?? ""}, an Arm machine: ${reasons.join("; ")}`,
    fix: fixes.join("; "),
  };
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
