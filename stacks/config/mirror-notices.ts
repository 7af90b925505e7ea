import type { ImageName } from "../../components/platform/registry/images-lock.ts";
import { isPullThroughKind } from "../../components/platform/registry/pull-through.ts";
import type { StackImages } from "./plan-stack-images.ts";
import type { StackConfig } from "./schema.ts";

export interface MirrorNoticesOptions {
  /** Name of the stack, for the command in the sentences. */
  stack: string;
  /** Whether `npm run mirror` brings an image into the registry, if the registry does not fetch it itself. */
  isMirrored: (name: ImageName) => boolean;
}

/** Says which images `npm run mirror` has to bring into the registry of a cloud before the platform is deployed, each with its reason. */
export function mirrorNotices(
  { images, supply }: StackImages,
  { cluster, registry }: Pick<StackConfig, "cluster" | "registry">,
  { stack, isMirrored }: MirrorNoticesOptions,
): string[] {
  if (!isPullThroughKind(registry.kind)) return [];
  const command = `npm run mirror -- --stack ${stack}`;
  if (supply === undefined) {
    const names = (Object.keys(images.images) as ImageName[]).filter(isMirrored).sort();
    if (names.length === 0) return [];
    return [`${command} has to copy ${names.join(", ")} (slipway:images.supply is copy)`];
  }
  const copied = supply.copied.filter(({ name }) => isMirrored(name));
  const pulled = supply.pulled
    .filter(({ name }) => isMirrored(name))
    .map(({ name }) => name)
    .sort();
  const notices: string[] = [];
  if (copied.length > 0)
    notices.push(
      `${command} has to copy ${copied.map(({ name, reason }) => `${name} (${reason})`).join(", ")}`,
    );
  if (registry.kind === "ecr" && pulled.length > 0) {
    const reason =
      cluster.kind === "eks" && cluster.nat === "none"
        ? "cluster.nat is none, and ECR refuses the first pull of an image over an endpoint"
        : "ECR finds a digest only after somebody has asked for the tag";
    notices.push(`${command} has to let ECR pull ${pulled.join(", ")} (${reason})`);
  }
  return notices;
}
