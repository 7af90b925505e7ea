import * as pulumi from "@pulumi/pulumi";
import { atLeast } from "../platform/kubernetes/at-least.ts";
import type { RegistryAccess } from "../platform/kubernetes/runtime-container.ts";
import { IdentityRegistry } from "../platform/registry/identity-registry.ts";
import type { ImageName, ImagesLock } from "../platform/registry/images-lock.ts";
import type { Registry } from "../platform/registry/registry.ts";
import { createEcrRepository, type LifecycleRule } from "./ecr-repository.ts";
import type { AwsStatement } from "./policy-document.ts";

export interface EcrRegistryArgs {
  account: string;
  region: string;
  /** Encrypts the repositories. ECR cannot change it later: another key replaces the repositories and deletes their content. */
  keyArn: pulumi.Input<string>;
  /** Images of the platform by digest. `EcrImages` creates their repositories. */
  images: ImagesLock;
  /** Repositories of artifacts that jobs push to, such as `flight-delays/pushback/model`. */
  repositories: readonly string[];
  /** Days after which drift reports are deleted; at least 1. Models, and the artifacts that they were made from, are kept. @default 90 */
  driftReportDays?: number;
  /** Refuse to delete the repositories. @default true */
  protect?: boolean;
}

const PULL = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"];
const PUSH = [
  "ecr:InitiateLayerUpload",
  "ecr:UploadLayerPart",
  "ecr:CompleteLayerUpload",
  "ecr:PutImage",
  "ecr:ListImages",
];

/**
 * Elastic Container Registry for artifacts: one repository for each kind, encrypted with the given key, scanned on push. Tags are
 * immutable, except those that the pipeline moves, such as `latest` and a model's `champion`.
 *
 * @example
 * const registry = new EcrRegistry("registry", { account, region, keyArn, images: lock, repositories: ["flight-delays/pushback/model"] });
 */
export class EcrRegistry extends pulumi.ComponentResource implements Registry {
  /** `<account>.dkr.ecr.<region>.amazonaws.com`. */
  readonly host: string;
  private readonly args: EcrRegistryArgs;
  private readonly registry: Registry;

  constructor(name: string, args: EcrRegistryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:registry:EcrRegistry", name, {}, opts);
    const { account, region, keyArn, images, repositories, driftReportDays = 90, protect = true } = args;
    atLeast(1, driftReportDays, `${name}: driftReportDays`);
    this.args = args;
    this.host = `${account}.dkr.ecr.${region}.amazonaws.com`;
    this.registry = new IdentityRegistry(`https://${this.host}`, images);
    for (const repository of new Set(repositories))
      createEcrRepository(repository, {
        parent: this,
        owner: name,
        keyArn,
        // Models and data sets are referenced by digest: an untagged one may be in production.
        lifecycle: lastPart(repository) === "drift" ? expireOldReports(driftReportDays) : undefined,
        protect,
      });
    this.registerOutputs({ host: this.host });
  }

  image(name: ImageName): string {
    return this.registry.image(name);
  }

  /** Returns no credentials: nodes and pods have identities of their own. */
  accessFrom(...args: Parameters<Registry["accessFrom"]>): RegistryAccess {
    return this.registry.accessFrom(...args);
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
