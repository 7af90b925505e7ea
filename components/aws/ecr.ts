import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { movingTagsOf } from "../../runtime/contract/moving-tags.ts";
import type { Environment } from "../platform/environment.ts";
import { atLeast } from "../platform/kubernetes/at-least.ts";
import type { AwsStatement } from "./policy-document.ts";
import { imageReference, type ImageName, type ImagesLock } from "../platform/registry/images-lock.ts";
import type { RegistryAccess } from "../platform/kubernetes/runtime-container.ts";
import type { AwsKey } from "./key.ts";
import { pulledImages, UPSTREAM_PREFIX } from "../platform/registry/pull-through.ts";
import type { Registry } from "../platform/registry/registry.ts";

export interface EcrRegistryArgs {
  account: string;
  region: string;
  /** Encrypts the repositories. ECR cannot change it later: another key replaces the repositories and deletes their content. */
  key: AwsKey;
  /** Images of the platform by digest: each image has a repository. `planImageSupply` decides which of them ECR pulls through. */
  images: ImagesLock;
  /**
   * Secret with an account of an upstream registry, by its host: the ARN of a secret of Secrets Manager whose name begins with
   * `ecr-pullthroughcache/`, with the keys `username` and `accessToken`. Docker Hub and ghcr.io need one.
   * @default - none
   */
  upstreamSecrets?: Readonly<Record<string, pulumi.Input<string>>>;
  /** Repositories of artifacts that jobs push to, such as `flight-delays/pushback/model`. */
  repositories: readonly string[];
  /** Days after which drift reports are deleted; at least 1. Models, and the artifacts that they were made from, are kept. @default 90 */
  driftReportDays?: number;
  /** Refuse to delete the repositories. @default true */
  protect?: boolean;
}

/** Untagged images that are kept: running images are referenced by digest, not by tag. */
const KEPT_IMAGES = 50;

const PULL = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"];
const PUSH = [
  "ecr:InitiateLayerUpload",
  "ecr:UploadLayerPart",
  "ecr:CompleteLayerUpload",
  "ecr:PutImage",
  "ecr:ListImages",
];

/**
 * Elastic Container Registry for images and artifacts: one repository for each, encrypted with the given key, scanned on
 * push. Tags are immutable, except those that the pipeline moves, such as `latest` and a model's `champion`.
 *
 * @example
 * const registry = new EcrRegistry("registry", { account, region, key, images: lock, repositories: ["flight-delays/pushback/model"] });
 */
export class EcrRegistry extends pulumi.ComponentResource implements Registry {
  /** `<account>.dkr.ecr.<region>.amazonaws.com`. */
  readonly host: string;
  private readonly args: EcrRegistryArgs;

  constructor(name: string, args: EcrRegistryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:registry:EcrRegistry", name, {}, opts);
    const { account, region, images, repositories, driftReportDays = 90 } = args;
    atLeast(1, driftReportDays, `${name}: driftReportDays`);
    this.args = args;
    this.host = `${account}.dkr.ecr.${region}.amazonaws.com`;
    const imageRepositories = Object.values(images.images).map(({ repository }) => repository);
    for (const repository of new Set(imageRepositories))
      this.createRepository(name, repository, expireUntaggedImages());
    this.createPullThroughRules(name);
    for (const repository of new Set(repositories))
      this.createRepository(
        name,
        repository,
        // Models and data sets are referenced by digest: an untagged one may be in production.
        lastPart(repository) === "drift" ? expireOldReports(driftReportDays) : undefined,
      );
    this.registerOutputs({ host: this.host });
  }

  image(name: ImageName): string {
    return imageReference(this.args.images, this.host, name);
  }

  /** Returns no credentials: nodes and pods have identities of their own. */
  accessFrom(_environment: Environment): RegistryAccess {
    return { url: `https://${this.host}` };
  }

  /** Statements that let a role pull artifacts and, with `write`, push them. Only nodes pull images. */
  statements(access: "read" | "write"): AwsStatement[] {
    const { account, region, repositories } = this.args;
    if (repositories.length === 0) return [];
    const Resource = [...new Set(repositories)].map(
      (repository) => `arn:aws:ecr:${region}:${account}:repository/${repository}`,
    );
    return [
      // IAM cannot restrict this action to a resource. The token alone gives no access to any repository.
      { Sid: "LogInToRegistry", Action: ["ecr:GetAuthorizationToken"], Resource: "*" },
      { Sid: "PullArtifacts", Action: [...PULL], Resource },
      ...(access === "write" ? [{ Sid: "PushArtifacts", Action: [...PUSH], Resource }] : []),
    ];
  }

  /** Creates one rule for each upstream registry. The repositories exist already, so nodes need no right to create one. */
  private createPullThroughRules(name: string): void {
    const { images, upstreamSecrets = {} } = this.args;
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

  private createRepository(name: string, repository: string, policy: LifecycleRule | undefined): void {
    const { key, protect = true } = this.args;
    const child = `${name}-${repository.replaceAll("/", "-")}`;
    const movingTags = movingTagsOf(repository);
    const created = new aws.ecr.Repository(
      child,
      {
        name: repository,
        imageScanningConfiguration: { scanOnPush: true },
        encryptionConfigurations: [{ encryptionType: "KMS", kmsKey: key.arn }],
        imageTagMutability: movingTags.length === 0 ? "IMMUTABLE" : "IMMUTABLE_WITH_EXCLUSION",
        imageTagMutabilityExclusionFilters:
          movingTags.length === 0
            ? undefined
            : movingTags.map((filter) => ({ filter, filterType: "WILDCARD" })),
        forceDelete: !protect,
      },
      { parent: this, protect },
    );
    if (policy !== undefined)
      new aws.ecr.LifecyclePolicy(
        `${child}-lifecycle`,
        { repository: created.name, policy: JSON.stringify({ rules: [policy] }) },
        { parent: this, deletedWith: created },
      );
  }
}

/** @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html */
interface LifecycleRule {
  rulePriority: number;
  description: string;
  selection: { tagStatus: "untagged"; countType: string; countUnit?: "days"; countNumber: number };
  action: { type: "expire" };
}

function expireUntaggedImages(): LifecycleRule {
  return {
    rulePriority: 1,
    description: `Keep ${KEPT_IMAGES} images without a tag`,
    selection: { tagStatus: "untagged", countType: "imageCountMoreThan", countNumber: KEPT_IMAGES },
    action: { type: "expire" },
  };
}

function expireOldReports(days: number): LifecycleRule {
  return {
    rulePriority: 1,
    description: `Keep drift reports for ${days} days`,
    selection: { tagStatus: "untagged", countType: "sinceImagePushed", countUnit: "days", countNumber: days },
    action: { type: "expire" },
  };
}

function lastPart(repository: string): string {
  return repository.slice(repository.lastIndexOf("/") + 1);
}
