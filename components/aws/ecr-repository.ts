import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { movingTagsOf } from "../../runtime/contract/moving-tags.ts";

/** A rule of a lifecycle policy. @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html */
export interface LifecycleRule {
  rulePriority: number;
  description: string;
  selection: { tagStatus: "untagged"; countType: string; countUnit?: "days"; countNumber: number };
  action: { type: "expire" };
}

export interface EcrRepositoryOptions {
  /** Component that the repository belongs to. */
  parent: pulumi.Resource;
  /** First part of the resource name: the name of that component. */
  owner: string;
  /** Encrypts the repository. ECR cannot change it later: another key replaces the repository and deletes its content. */
  keyArn: pulumi.Input<string>;
  /** Rule that deletes old content. @default - all content is kept */
  lifecycle?: LifecycleRule | undefined;
  /** Refuse to delete the repository, and never empty it. */
  protect: boolean;
}

/** Creates a repository that is scanned on push. Its tags are immutable, except those that the pipeline moves, such as a model's `champion`. */
export function createEcrRepository(repository: string, options: EcrRepositoryOptions): void {
  const { parent, owner, keyArn, lifecycle, protect } = options;
  const child = `${owner}-${repository.replaceAll("/", "-")}`;
  const movingTags = movingTagsOf(repository);
  const created = new aws.ecr.Repository(
    child,
    {
      name: repository,
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfigurations: [{ encryptionType: "KMS", kmsKey: keyArn }],
      imageTagMutability: movingTags.length === 0 ? "IMMUTABLE" : "IMMUTABLE_WITH_EXCLUSION",
      imageTagMutabilityExclusionFilters:
        movingTags.length === 0
          ? undefined
          : movingTags.map((filter) => ({ filter, filterType: "WILDCARD" })),
      forceDelete: !protect,
    },
    { parent, protect },
  );
  if (lifecycle !== undefined)
    new aws.ecr.LifecyclePolicy(
      `${child}-lifecycle`,
      { repository: created.name, policy: JSON.stringify({ rules: [lifecycle] }) },
      { parent, deletedWith: created },
    );
}
