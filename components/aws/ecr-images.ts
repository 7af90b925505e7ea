import * as pulumi from "@pulumi/pulumi";
import { createEcrRepository, type LifecycleRule } from "./ecr-repository.ts";
import type { ImagesLock } from "../platform/registry/images-lock.ts";

export interface EcrImagesArgs {
  /** Encrypts the repositories. ECR cannot change it later: another key replaces the repositories and deletes their content. */
  keyArn: pulumi.Input<string>;
  /** Images of the platform by digest: each image has a repository. */
  images: ImagesLock;
  /** Refuse to delete the repositories. @default true */
  protect?: boolean;
}

/** Untagged images that are kept: running images are referenced by digest, not by tag. */
const KEPT_IMAGES = 50;

/**
 * Repositories of Elastic Container Registry for the images of the platform, encrypted with the given key, scanned on push, with
 * immutable tags.
 *
 * @example
 * new EcrImages("registry", { keyArn: key.arn, images: lock });
 */
export class EcrImages extends pulumi.ComponentResource {
  constructor(name: string, args: EcrImagesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:registry:EcrImages", name, {}, opts);
    const { keyArn, images, protect = true } = args;
    const repositories = Object.values(images.images).map(({ repository }) => repository);
    for (const repository of new Set(repositories))
      createEcrRepository(repository, {
        parent: this,
        owner: name,
        keyArn,
        lifecycle: expireUntaggedImages(),
        protect,
      });
    this.registerOutputs({});
  }
}

function expireUntaggedImages(): LifecycleRule {
  return {
    rulePriority: 1,
    description: `Keep ${KEPT_IMAGES} images without a tag`,
    selection: { tagStatus: "untagged", countType: "imageCountMoreThan", countNumber: KEPT_IMAGES },
    action: { type: "expire" },
  };
}
