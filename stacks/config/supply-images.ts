import type { ImagesLock } from "../../components/platform/registry/images-lock.ts";
import type { ImageUpstreams } from "./image-upstreams.ts";
import { lockCommand } from "./lock-command.ts";
import { mirrorNotices } from "./mirror-notices.ts";
import { neededImages } from "./needed-images.ts";
import { planStackImages } from "./plan-stack-images.ts";
import { UserError } from "./user-error.ts";

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
  /** Upstreams of images that the lock lacks. @default - no such image has one */
  upstreams?: ImageUpstreams | undefined;
}

/**
 * Returns the images that a platform runs, with the repositories that its registry has for them. A preview plans images without a digest
 * with zeros and says so; a deployment throws a UserError that names all of them.
 */
export function supplyImages(
  lock: ImagesLock,
  config: Parameters<typeof neededImages>[0],
  { preview, buildsRuntime, stack = "STACK", upstreams }: SupplyRun,
): SuppliedImages {
  const { lockFile } = config.images;
  const needed = neededImages(config, { buildsRuntime });
  const unlocked = needed.filter((name) => lock.images[name] === undefined);
  const problem = `${lockFile} has no digest of ${unlocked.join(", ")}: ${lockCommand(unlocked, stack)}`;
  if (unlocked.length > 0 && !preview) throw new UserError(problem);
  const notices =
    unlocked.length === 0 ? [] : [`${problem}; until then the plan has zeros, and up refuses it`];
  const planned = planStackImages(lock, config, { needed, buildsRuntime, upstreams });
  if (preview) {
    // An image whose source nobody knows is named above, and one that the stack builds needs no mirror.
    const isMirrored = (name: (typeof needed)[number]): boolean =>
      !(buildsRuntime && name === "runtime") &&
      (lock.images[name] !== undefined || upstreams?.has(name) === true);
    notices.push(...mirrorNotices(planned, config, { stack, isMirrored }));
  }
  return { images: planned.images, notices };
}
