import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ImageName, ImagesLock, LockedImage } from "../../components/platform/registry/images-lock.ts";
import { planImageSupply, type PullThroughKind } from "../../components/platform/registry/pull-through.ts";
import type { Progress } from "../../local/progress.ts";
import { fillPullThrough } from "../../operations/fill-pull-through.ts";
import type { RegistryClient } from "../../runtime/artifacts/registry-client.ts";
import { copyImage, shortDigest } from "./copy-image.ts";
import { describeFailures } from "./describe-failures.ts";
import { parseImageReference } from "../../stacks/config/image-reference.ts";
import { loadImageSources, type ImageSources } from "../../stacks/config/image-sources.ts";
import { lockImages, reasonOf, type LockOptions } from "./lock-images.ts";

export interface MirrorOptions extends LockOptions {
  /** The stack's registry. */
  target: RegistryClient;
  /** Kind of the stack's registry, if it pulls images through. @default - none: all images are copied */
  pullThrough?: PullThroughKind;
  /** Hosts of public registries for which the stack's registry has an account. @default none */
  accounts?: readonly string[];
  /** Images that the stack runs; others are not copied. @default - all of the lock */
  needed?: readonly ImageName[];
  /** Images that the program builds itself: they are not copied and not looked up. @default none */
  built?: readonly ImageName[];
}

/**
 * Brings every image that the stack runs into the stack's registry: copies those that the registry cannot pull through, and lets ECR pull the
 * others. One image that fails does not stop the others: the error at the end names all of them.
 */
export async function mirrorImages(progress: Progress, options: MirrorOptions): Promise<ImagesLock> {
  const { target, pullThrough, accounts, built = [], needed } = options;
  const isNeeded = (name: string): boolean => needed === undefined || needed.some((each) => each === name);
  const locked = await lockImages(progress, options);
  const failures = locked.failures.filter(({ name }) => isNeeded(name));
  const lock: ImagesLock = {
    ...locked.lock,
    images: Object.fromEntries(Object.entries(locked.lock.images).filter(([name]) => isNeeded(name))),
  };
  const { images: sources } = await loadImageSources(options.sourcesFile);
  const pulled = pullThrough === undefined ? [] : planImageSupply(pullThrough, lock, accounts).pulled;
  if (pullThrough === "ecr" && pulled.length > 0)
    failures.push(
      ...(await progress.step(`Let ${target.name} pull ${pulled.map(({ name }) => name).join(", ")}`, () =>
        fillPullThrough(target, pulled),
      )),
    );
  const left = new Set<ImageName>([...built, ...pulled.map(({ name }) => name)]);
  for (const [name, image] of Object.entries(lock.images) as [ImageName, LockedImage][]) {
    if (left.has(name)) continue;
    try {
      const source = sources[name];
      if (source === undefined) await checkPresent(target, image);
      else await copyFromSource(progress, { name, image, source }, options);
    } catch (error) {
      failures.push({ name, reason: reasonOf(error) });
    }
  }
  if (failures.length > 0)
    throw new Error(
      `these images are not in ${target.name} yet, all others are:${describeFailures(failures)}`,
    );
  return locked.lock;
}

async function checkPresent(target: RegistryClient, { repository, digest }: LockedImage): Promise<void> {
  if ((await target.getManifest(repository, digest)) === undefined)
    throw new Error(
      `${target.name} has no ${repository}@${digest}; name in images.sources.json where to copy it from, or let the stack build it: slipway:images.build`,
    );
}

async function copyFromSource(
  progress: Progress,
  {
    name,
    image,
    source,
  }: { name: ImageName; image: LockedImage; source: NonNullable<ImageSources["images"][ImageName]> },
  { target, connect }: MirrorOptions,
): Promise<void> {
  await progress.step(`Copy ${name} from ${source.reference}`, async (step) => {
    const upstream = parseImageReference(source.reference);
    const scratch = await mkdtemp(join(tmpdir(), "mirror-"));
    try {
      const { copied } = await copyImage({
        from: {
          registry: await connect(upstream),
          repository: upstream.repository,
          reference: image.digest,
        },
        // Some registries delete images without a tag. The digest is in it, because tags of others cannot move.
        to: {
          registry: target,
          repository: image.repository,
          tag: `${upstream.tag ?? "mirror"}-${shortDigest(image.digest)}`,
        },
        scratch,
        update: (message) => step.update(message),
      });
      if (copied === 0) step.cached("it is there");
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  });
}
