import { isPullThroughKind, planImageSupply } from "../../components/platform/registry/pull-through.ts";
import type { ImageName, ImagesLock, LockedImage } from "../../components/platform/registry/images-lock.ts";
import type { StackConfig } from "./schema.ts";
import { UserError } from "./user-error.ts";

/** Digest of images without one, in previews alone: a deployment refuses them. */
const UNLOCKED_DIGEST = `sha256:${"0".repeat(64)}`;

export interface SuppliedImages {
  /** Images by the repositories from which this stack's pods get them. */
  images: ImagesLock;
  /** Sentences for the person who runs the stack. */
  notices: string[];
}

/**
 * Returns the images of a stack with the repositories that its registry has for them. A preview plans images without a digest with
 * zeros and says so; a deployment throws a UserError that names all of them.
 */
export function supplyImages(
  lock: ImagesLock,
  config: Pick<StackConfig, "cluster" | "cloud" | "registry" | "images">,
  { preview, buildsRuntime }: { preview: boolean; buildsRuntime: boolean },
): SuppliedImages {
  const { lockFile, supply } = config.images;
  const unlocked = neededImages(config, buildsRuntime).filter((name) => lock.images[name] === undefined);
  const problem = `${lockFile} has no digest of ${unlocked.join(", ")}: ${fixFor(unlocked)}`;
  if (unlocked.length > 0 && !preview) throw new UserError(problem);
  const notices =
    unlocked.length === 0 ? [] : [`${problem}; until then the plan has zeros, and up refuses it`];
  const images: ImagesLock["images"] = {
    ...Object.fromEntries(unlocked.map((name) => [name, placeholder(name, "not locked yet")])),
    // Its registry needs a repository for it. No pod uses this digest.
    ...(buildsRuntime ? { runtime: placeholder("runtime", "built by the stack") } : {}),
    ...lock.images,
  };
  const whole: ImagesLock = { ...lock, images };
  const { kind } = config.registry;
  if (supply === "copy" || !isPullThroughKind(kind)) return { images: whole, notices };
  return { images: planImageSupply(kind, whole).lock, notices };
}

const placeholder = (name: ImageName, source: string): LockedImage => ({
  repository: `slipway/${name}`,
  digest: UNLOCKED_DIGEST,
  source,
});

function fixFor(unlocked: readonly ImageName[]): string {
  const fixes = [
    ...(unlocked.some((name) => name !== "runtime") ? ["npm run lock asks the public registries"] : []),
    ...(unlocked.includes("runtime")
      ? ["for runtime take a released one with npm run lock -- --runtime, or set slipway:images.build"]
      : []),
  ];
  return fixes.join("; ");
}

/** Returns the images that the stack's pods run. The local stack builds its images, so it needs none here. */
function neededImages(
  { cluster, cloud, registry }: Pick<StackConfig, "cluster" | "cloud" | "registry">,
  buildsRuntime: boolean,
): ImageName[] {
  if (registry.kind === "local") return [];
  const hasGpus = cluster.kind !== "existing" && Object.keys(cluster.gpuPools).length > 0;
  const hasNeuron = cluster.kind === "eks" && Object.keys(cluster.neuronPools).length > 0;
  const names: [ImageName, boolean][] = [
    ["alertmanager", true],
    ["cluster-autoscaler", cluster.kind === "eks"],
    ["dcgm-exporter", cluster.kind !== "gke" && hasGpus],
    ["neuron-device-plugin", hasNeuron],
    ["nvidia-device-plugin", cluster.kind === "aks" && hasGpus],
    ["prometheus", true],
    ["pushgateway", true],
    ["redis", cloud?.redis === undefined],
    ["runtime", !buildsRuntime],
  ];
  return names.filter(([, isNeeded]) => isNeeded).map(([name]) => name);
}
