import type * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { atLeast } from "../platform/kubernetes/at-least.ts";
import type { ImagesLock } from "../platform/registry/images-lock.ts";
import { createGcpRepository, DAY_SECONDS } from "./create-repository.ts";
import { grantRepository } from "./grant-repository.ts";
import { imagePaths, planRepositories, registryLocation } from "./repositories.ts";

export interface ArtifactRegistryImagesArgs {
  /** Base URL, such as `https://europe-west4-docker.pkg.dev/acme-ml`. */
  url: string;
  /** Id of the project of the URL. Pass `GcpProject.id`, which becomes known when the APIs are enabled. */
  project: pulumi.Input<string>;
  /** `projects/…/cryptoKeys/…` that encrypts the repositories; its users must include Artifact Registry. */
  keyName: pulumi.Input<string>;
  /** Images of the platform by digest. */
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
 * Repositories of Artifact Registry for the images of the platform, with immutable tags, encrypted with the given key and scanned for
 * vulnerabilities.
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
    for (const { id } of planRepositories(prefix, imagePaths(images))) {
      const repository = createGcpRepository(
        `${name}-${id}`,
        {
          project,
          location,
          repositoryId: id,
          keyName,
          description: "Images, by digest",
          immutableTags: true,
          cleanupPolicies: keepLatest(untaggedImageDays),
        },
        { parent: this, protect },
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
    }
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
