import { join } from "node:path";
import { lineProgress } from "../../local/progress.ts";
import { connectRegistry } from "../../operations/connect-registry.ts";
import { ROOT } from "../../operations/root.ts";
import { stackRegistry } from "../../operations/stack/stack-registry.ts";
import { WrongRequest } from "../../operations/wrong-request.ts";
import { describeFailures } from "../mirror/describe-failures.ts";
import { parseImageReference } from "../../stacks/config/image-reference.ts";
import { loadImageSources, writeImageSources } from "../../stacks/config/image-sources.ts";
import { lockImages } from "../mirror/lock-images.ts";
import { UsageError } from "../usage-error.ts";
import { unreachableRegistries } from "../mirror/unreachable-registries.ts";

/** Values of the flags of `npm run lock`. */
export interface LockFlags {
  stack: string;
  follow: boolean;
  platforms: boolean;
  /** Reference of the runtime image. */
  runtime: string | undefined;
}

/** Writes the digests of the upstream images to the lock file of a stack. Needs no registry of the stack. */
export async function lock({ stack, follow, platforms, runtime }: LockFlags): Promise<void> {
  if (runtime !== undefined) refuseWrongImage(runtime);
  const sourcesFile = join(ROOT, "images.sources.json");
  const { kind, lockFile, built } = await stackRegistry(ROOT, stack);
  if (kind === "local")
    throw new WrongRequest(
      `the stack must take images from public registries, got ${stack}, for which npm run up builds every image; name another one with --stack`,
    );
  if (runtime !== undefined) await setRuntimeSource(sourcesFile, runtime);
  const { lock: locked, failures } = await lockImages(lineProgress(), {
    sourcesFile,
    lockFile,
    follow,
    platforms,
    connect: (image) => connectRegistry(image, process.env),
    unreachable: unreachableRegistries,
  });
  if (locked.images.runtime === undefined && !built.includes("runtime"))
    console.error(
      "warning: images.sources.json names no runtime image: take a released one with --runtime, or let the stack build it: slipway:images.build",
    );
  if (failures.length > 0)
    throw new Error(`these images could not be asked for:${describeFailures(failures)}`);
}

/** Refuses what is no image reference, before anything is read or written. */
function refuseWrongImage(runtime: string): void {
  try {
    parseImageReference(runtime);
  } catch (error) {
    const { message } = error as Error;
    throw new UsageError([message.replace(/^image reference:/, "--runtime")]);
  }
}

async function setRuntimeSource(sourcesFile: string, runtime: string): Promise<void> {
  const { tag } = parseImageReference(runtime);
  const [reference = "", digest] = runtime.split("@");
  const sources = await loadImageSources(sourcesFile);
  const source = digest === undefined || tag === undefined ? { reference: runtime } : { reference, digest };
  const images = Object.entries({ ...sources.images, runtime: source }).sort(([a], [b]) => (a < b ? -1 : 1));
  await writeImageSources(sourcesFile, { ...sources, images: Object.fromEntries(images) });
}
