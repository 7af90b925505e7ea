import {
  isPullThroughKind,
  planImageSupply,
  type ImageSupply,
} from "../../components/platform/registry/pull-through.ts";
import type { ImageName, ImagesLock, LockedImage } from "../../components/platform/registry/images-lock.ts";
import type { ImageUpstreams } from "./image-upstreams.ts";
import { upstreamAccounts } from "./schema/registry.ts";
import type { StackConfig } from "./schema.ts";

/** Digest of images without one, in plans alone: a deployment of pods refuses them. */
const UNLOCKED_DIGEST = `sha256:${"0".repeat(64)}`;

export interface StackImagesOptions {
  /** Images that the pods of the stack run. */
  needed: readonly ImageName[];
  /** Whether the stack builds its runtime image. */
  buildsRuntime: boolean;
  /** Upstreams of images that the lock lacks. @default - no such image has one */
  upstreams?: ImageUpstreams | undefined;
}

export interface StackImages {
  /** Images by the repositories from which pods get them. Those that the lock lacks have a digest of zeros. */
  images: ImagesLock;
  /** How the images reach the registry. @default - the registry pulls nothing through, or the config copies all images */
  supply?: ImageSupply;
}

/**
 * Returns the images of a stack with the repositories that its registry has for them. An image that the lock lacks gets the repository that
 * it will have once it is locked, so a foundation plans the same repositories before and after.
 */
export function planStackImages(
  lock: ImagesLock,
  { registry, images: { supply } }: Pick<StackConfig, "registry" | "images">,
  { needed, buildsRuntime, upstreams = new Map() }: StackImagesOptions,
): StackImages {
  const unlocked = needed.filter((name) => lock.images[name] === undefined);
  const images: ImagesLock["images"] = {
    ...Object.fromEntries(
      unlocked.map((name) => [name, placeholder(name, "not locked yet", upstreams.get(name))]),
    ),
    // Its registry needs a repository for it. No pod uses this digest.
    ...(buildsRuntime ? { runtime: placeholder("runtime", "built by the stack") } : {}),
    ...lock.images,
  };
  const { kind } = registry;
  if (!isPullThroughKind(kind)) return { images: { ...lock, images } };
  const isNeeded = (name: string): boolean => name === "runtime" || needed.some((each) => each === name);
  const own: ImagesLock = {
    ...lock,
    images: Object.fromEntries(Object.entries(images).filter(([name]) => isNeeded(name))),
  };
  if (supply === "copy") return { images: own };
  const plan = planImageSupply(kind, own, upstreamAccounts(registry));
  return { images: plan.lock, supply: plan };
}

const placeholder = (name: ImageName, source: string, upstream?: string): LockedImage => ({
  repository: `slipway/${name}`,
  digest: UNLOCKED_DIGEST,
  ...(upstream === undefined ? {} : { upstream }),
  source,
});
