import type { PulledImage } from "../components/platform/registry/pull-through.ts";
import type { RegistryClient } from "../runtime/artifacts/registry-client.ts";

/** An image that the registry could not pull through, with the reason and what to do. */
export interface UnfilledImage {
  name: PulledImage["name"];
  reason: string;
}

/**
 * Asks Amazon ECR once for the tag of each image that it pulls through, so that nodes find the digest: ECR does not ask the public
 * registry for a digest. No layer is downloaded here. Returns the images that nodes would not find.
 *
 * @param registry - client with an account that has `ecr:BatchImportUpstreamImage`
 * @see https://github.com/aws/containers-roadmap/issues/2837
 */
export async function fillPullThrough(
  registry: RegistryClient,
  images: readonly PulledImage[],
): Promise<UnfilledImage[]> {
  const unfilled: UnfilledImage[] = [];
  for (const { name, host, repository, tag, target, digest } of images)
    try {
      if ((await registry.getManifest(target, digest)) !== undefined) continue;
      const found = await registry.getManifest(target, tag);
      if (found === undefined)
        unfilled.push({ name, reason: `${registry.name} found no ${host}/${repository}:${tag}` });
      else if (found.digest !== digest && (await registry.getManifest(target, digest)) === undefined)
        unfilled.push({
          name,
          reason: `${host}/${repository}:${tag} is now ${found.digest}, and the lock has ${digest}; lock it again, or copy the images: slipway:images.supply copy`,
        });
    } catch (error) {
      unfilled.push({ name, reason: error instanceof Error ? error.message : String(error) });
    }
  return unfilled;
}
