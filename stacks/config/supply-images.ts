import { isPullThroughKind, planImageSupply } from "../../components/platform/registry/pull-through.ts";
import type { ImageName, ImagesLock, LockedImage } from "../../components/platform/registry/images-lock.ts";
import { imagePlatformFaults } from "./check-image-platforms.ts";
import { neededImages } from "./needed-images.ts";
import { upstreamAccounts } from "./schema/registry.ts";
import { UserError } from "./user-error.ts";

/** Digest of images without one, in previews alone: a deployment refuses them. */
const UNLOCKED_DIGEST = `sha256:${"0".repeat(64)}`;

export interface SuppliedImages {
  /** Images by the repositories from which this stack's pods get them. */
  images: ImagesLock;
  /** Sentences for the person who runs the stack. */
  notices: string[];
}

export interface SupplyRun {
  /** Whether this run is a preview. */
  preview: boolean;
  /** Whether the stack builds its runtime image. */
  buildsRuntime: boolean;
  /** Name of the stack, for the commands in messages. @default "STACK" */
  stack?: string | undefined;
}

/**
 * Returns the images that a stack runs, with the repositories that its registry has for them. A preview plans images without a digest
 * with zeros and says so; a deployment throws a UserError that names all of them. Throws a UserError, also in a preview, if a pool has
 * machines for which an image has no build.
 */
export function supplyImages(
  lock: ImagesLock,
  config: Parameters<typeof neededImages>[0],
  { preview, buildsRuntime, stack = "STACK" }: SupplyRun,
): SuppliedImages {
  const { lockFile, supply } = config.images;
  const needed = neededImages(config, { buildsRuntime });
  const platformFaults = imagePlatformFaults(lock, config, { needed, stack });
  if (platformFaults.length > 0) throw new UserError(platformFaults.join("\n"));
  const unlocked = needed.filter((name) => lock.images[name] === undefined);
  const problem = `${lockFile} has no digest of ${unlocked.join(", ")}: ${fixFor(unlocked, stack)}`;
  if (unlocked.length > 0 && !preview) throw new UserError(problem);
  const notices =
    unlocked.length === 0 ? [] : [`${problem}; until then the plan has zeros, and up refuses it`];
  const images: ImagesLock["images"] = {
    ...Object.fromEntries(unlocked.map((name) => [name, placeholder(name, "not locked yet")])),
    // Its registry needs a repository for it. No pod uses this digest.
    ...(buildsRuntime ? { runtime: placeholder("runtime", "built by the stack") } : {}),
    ...lock.images,
  };
  const { kind } = config.registry;
  if (!isPullThroughKind(kind)) return { images: { ...lock, images }, notices };
  const isNeeded = (name: string): boolean => name === "runtime" || needed.some((each) => each === name);
  const own: ImagesLock = {
    ...lock,
    images: Object.fromEntries(Object.entries(images).filter(([name]) => isNeeded(name))),
  };
  if (supply === "copy") return { images: own, notices };
  const plan = planImageSupply(kind, own, upstreamAccounts(config.registry));
  const copied = plan.copied.filter(({ name }) => lock.images[name] !== undefined);
  if (preview && copied.length > 0)
    notices.push(
      `npm run mirror -- --stack ${stack} has to copy ${copied.map(({ name, reason }) => `${name} (${reason})`).join(", ")}`,
    );
  return { images: plan.lock, notices };
}

const placeholder = (name: ImageName, source: string): LockedImage => ({
  repository: `slipway/${name}`,
  digest: UNLOCKED_DIGEST,
  source,
});

function fixFor(unlocked: readonly ImageName[], stack: string): string {
  const fixes = [
    ...(unlocked.some((name) => name !== "runtime")
      ? [`npm run lock -- --stack ${stack} asks the public registries`]
      : []),
    ...(unlocked.includes("runtime")
      ? [
          `for runtime take a released one with npm run lock -- --stack ${stack} --runtime IMAGE, or set slipway:images.build`,
        ]
      : []),
  ];
  return fixes.join("; ");
}
