import type * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { atLeast } from "../platform/kubernetes/at-least.ts";
import type { ImagesLock } from "../platform/registry/images-lock.ts";
import { createGcpRepository, DAY_SECONDS, type GcpRepositoryOptions } from "./create-repository.ts";
import { grantRepository } from "./grant-repository.ts";
import { planRemoteRepositories, planRepositories, pushedPaths, registryLocation } from "./repositories.ts";

export interface ArtifactRegistryImagesArgs {
  /** Base URL, such as `https://europe-west4-docker.pkg.dev/acme-ml`. */
  url: string;
  /** Id of the project of the URL. Pass `GcpProject.id`, which becomes known when the APIs are enabled. */
  project: pulumi.Input<string>;
  /** `projects/…/cryptoKeys/…` that encrypts the repositories; its users must include Artifact Registry. */
  keyName: pulumi.Input<string>;
  /** Images of the platform by digest. `planImageSupply` decides which of them the registry pulls through. */
  images: ImagesLock;
  /** IAM member of the nodes, which pull the images. */
  nodeMember: pulumi.Input<string>;
  /** Days after which untagged images are deleted, except the latest 20; at least 1. @default 90 */
  untaggedImageDays?: number;
  /** Refuse to delete the repositories. @default true */
  protect?: boolean;
}

/** Latest versions of an image that are kept at any age. */
const KEPT_VERSIONS = 20;

/**
 * Repositories of Artifact Registry for the images of the platform, encrypted with the given key and scanned for vulnerabilities: one
 * with immutable tags for images that are pushed, and a remote repository for each public registry whose images are pulled through.
 *
 * @example
 * new ArtifactRegistryImages("registry", { url, project: project.id, keyName: key.keyName, images: lock, nodeMember: cluster.nodeMember });
 */
export class ArtifactRegistryImages extends pulumi.ComponentResource {
  constructor(name: string, args: ArtifactRegistryImagesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:registry:ArtifactRegistryImages", name, {}, opts);
    const { url, project, keyName, images, nodeMember, untaggedImageDays = 90, protect = true } = args;
    atLeast(1, untaggedImageDays, `${name}: untaggedImageDays`);
    const { location, prefix } = registryLocation(url);
    const remote = planRemoteRepositories(images);
    if (prefix.length > 0 && remote.length > 0)
      throw new Error(
        `${name}: url must end with the project if images are pulled through, because each upstream registry has a repository of its own, got ${url}`,
      );
    const common = { project, location, keyName };
    const create = (
      id: string,
      content: Pick<GcpRepositoryOptions, "content" | "description" | "cleanupPolicies">,
      isProtected: boolean,
    ): void => {
      const repository = createGcpRepository(
        `${name}-${id}`,
        { ...common, repositoryId: id, ...content },
        { parent: this, protect: isProtected },
      );
      grantRepository(
        `cluster-nodes-${id}`,
        {
          project: repository.project,
          location: repository.location,
          repository: repository.repositoryId,
        },
        { role: "reader", member: nodeMember },
        { parent: this },
      );
    };
    for (const { id } of planRepositories(prefix, pushedPaths(images)))
      create(
        id,
        {
          description: "Images, by digest",
          content: { immutableTags: true },
          cleanupPolicies: keepLatest(untaggedImageDays),
        },
        protect,
      );
    for (const { id, upstream } of remote)
      create(
        id,
        { description: `Copies of images of ${upstream}`, content: { upstream }, cleanupPolicies: [] },
        false, // the copies can be pulled again
      );
    this.registerOutputs({ url });
  }
}

function keepLatest(untaggedImageDays: number): gcp.types.input.artifactregistry.RepositoryCleanupPolicy[] {
  return [
    { id: "keep-latest", action: "KEEP", mostRecentVersions: { keepCount: KEPT_VERSIONS } },
    {
      id: "delete-untagged",
      action: "DELETE",
      condition: { tagState: "UNTAGGED", olderThan: `${untaggedImageDays * DAY_SECONDS}s` },
    },
  ];
}
