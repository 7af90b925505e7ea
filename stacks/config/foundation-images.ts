import type { ImagesLock } from "../../components/platform/registry/images-lock.ts";
import { SOURCES_FILE } from "./image-upstreams.ts";
import { lockCommand } from "./lock-command.ts";
import { neededImages } from "./needed-images.ts";
import { planStackImages } from "./plan-stack-images.ts";
import type { SuppliedImages, SupplyRun } from "./supply-images.ts";
import { UserError } from "./user-error.ts";

/**
 * Returns the images for which a foundation creates repositories. It runs none, so it needs no digest; but it needs to know where an image
 * comes from, because a protected repository cannot be replaced later. A preview plans an image without a source as a copy and says so; a
 * deployment throws a UserError.
 */
export function foundationImages(
  lock: ImagesLock,
  config: Parameters<typeof neededImages>[0],
  { preview, buildsRuntime, stack = "STACK", upstreams = new Map() }: SupplyRun,
): SuppliedImages {
  const needed = neededImages(config, { buildsRuntime });
  const { images, supply } = planStackImages(lock, config, { needed, buildsRuntime, upstreams });
  const undecided =
    supply === undefined
      ? []
      : needed.filter((name) => lock.images[name] === undefined && !upstreams.has(name));
  if (undecided.length === 0) return { images, notices: [] };
  const problem = `${SOURCES_FILE} has no source of ${undecided.join(", ")}, which decides the repository in the registry: ${lockCommand(undecided, stack)}`;
  if (!preview) throw new UserError(problem);
  const planned = undecided.map((name) => `slipway/${name}`).join(", ");
  return { images, notices: [`${problem}; until then the plan has ${planned}, and up refuses it`] };
}
