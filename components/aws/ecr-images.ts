import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { createEcrRepository, type LifecycleRule } from "./ecr-repository.ts";
import type { ImagesLock } from "../platform/registry/images-lock.ts";
import { pulledImages, UPSTREAM_PREFIX } from "../platform/registry/pull-through.ts";

export interface EcrImagesArgs {
  /** Encrypts the repositories. ECR cannot change it later: another key replaces the repositories and deletes their content. */
  keyArn: pulumi.Input<string>;
  /** Images of the platform by digest: each image has a repository. `planImageSupply` decides which of them ECR pulls through. */
  images: ImagesLock;
  /**
   * Secret with an account of an upstream registry, by its host: the ARN of a secret of Secrets Manager whose name begins with
   * `ecr-pullthroughcache/`, with the keys `username` and `accessToken`. Docker Hub and ghcr.io need one.
   * @default - none
   */
  upstreamSecrets?: Readonly<Partial<Record<string, pulumi.Input<string>>>> | undefined;
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
    this.createPullThroughRules(name, args);
    this.registerOutputs({});
  }

  /** Creates one rule for each upstream registry. The repositories exist already, so nodes need no right to create one. */
  private createPullThroughRules(name: string, { images, upstreamSecrets = {} }: EcrImagesArgs): void {
    const hosts = new Set(pulledImages("ecr", images).map(({ host }) => host));
    for (const host of [...hosts].sort())
      new aws.ecr.PullThroughCacheRule(
        `${name}-${UPSTREAM_PREFIX}-${host}`,
        {
          ecrRepositoryPrefix: `${UPSTREAM_PREFIX}/${host}`,
          upstreamRegistryUrl: host === "docker.io" ? "registry-1.docker.io" : host,
          ...(upstreamSecrets[host] === undefined ? {} : { credentialArn: upstreamSecrets[host] }),
        },
        { parent: this },
      );
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
