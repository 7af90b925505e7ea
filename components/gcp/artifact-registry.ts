import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../platform/environment.ts";
import { atLeast } from "../platform/kubernetes/at-least.ts";
import {
  planRemoteRepositories,
  planRepositories,
  registryLocation,
  type RepositoryPlan,
} from "./repositories.ts";
import { imageReference, type ImageName, type ImagesLock } from "../platform/registry/images-lock.ts";
import { pulledImages } from "../platform/registry/pull-through.ts";
import type { ReadableRepository } from "./managed-container.ts";
import type { RegistryAccess } from "../platform/kubernetes/runtime-container.ts";
import type { GcpKey } from "./key.ts";
import type { Registry } from "../platform/registry/registry.ts";

export interface ArtifactRegistryArgs {
  /** Base URL, such as `https://europe-west4-docker.pkg.dev/acme-ml`. With a path after the project, everything is in one repository. */
  url: string;
  /** Id of the project of the URL. Pass `GcpProject.id`, which becomes known when the APIs are enabled. */
  project: pulumi.Input<string>;
  /** Encrypts the repositories; its users must include Artifact Registry. */
  key: GcpKey;
  /** Images of the platform by digest. `planImageSupply` decides which of them the registry pulls through. */
  images: ImagesLock;
  /** Repositories of artifacts that jobs push to, such as `flight-delays/pushback/model`. */
  repositories: readonly string[];
  /** Days after which drift reports are deleted; at least 1. Models, and the artifacts that they were made from, are kept. @default 90 */
  driftReportDays?: number;
  /** Days after which untagged images are deleted, except the latest 20; at least 1. @default 90 */
  untaggedImageDays?: number;
  /** Refuse to delete the repositories. @default true */
  protect?: boolean;
}

/** Latest versions of an image that are kept at any age. */
const KEPT_VERSIONS = 20;
const DAY = 86_400;

/**
 * Artifact Registry for images and artifacts, encrypted with the given key and scanned for vulnerabilities. Images are in a
 * repository with immutable tags; those of public registries in a remote repository for each of these. Artifacts have one repository per
 * workload, where `champion` and `challenger` can move.
 *
 * @example
 * const registry = new ArtifactRegistry("registry", { url, project: project.id, key, images: lock, repositories: ["flight-delays/pushback/model"] });
 */
export class ArtifactRegistry extends pulumi.ComponentResource implements Registry {
  private readonly args: ArtifactRegistryArgs;
  private readonly repositories: { plan: RepositoryPlan; resource: gcp.artifactregistry.Repository }[];

  constructor(name: string, args: ArtifactRegistryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:registry:ArtifactRegistry", name, {}, opts);
    this.args = args;
    const { url, project, key, images, repositories, protect = true } = args;
    const { driftReportDays = 90, untaggedImageDays = 90 } = args;
    atLeast(1, driftReportDays, `${name}: driftReportDays`);
    atLeast(1, untaggedImageDays, `${name}: untaggedImageDays`);
    const { location, prefix } = registryLocation(url);
    const pulled = pulledImages("artifact-registry", images);
    if (prefix.length > 0 && pulled.length > 0)
      throw new Error(
        `${name}: url must end with the project if images are pulled through, because each upstream registry has a repository of its own, got ${url}`,
      );
    const pulledNames = new Set<string>(pulled.map((image) => image.name));
    const pushed = Object.entries(images.images).filter(([image]) => !pulledNames.has(image));
    const plans = [
      ...planRepositories(
        prefix,
        pushed.map(([, { repository }]) => repository),
        repositories,
      ),
      ...planRemoteRepositories(pulled),
    ];
    this.repositories = plans.map((plan) => ({
      plan,
      resource: new gcp.artifactregistry.Repository(
        `${name}-${plan.id}`,
        {
          project,
          location,
          repositoryId: plan.id,
          format: "DOCKER",
          kmsKeyName: key.keyName,
          ...contentOf(plan),
          vulnerabilityScanningConfig: { enablementConfig: "INHERITED" },
          cleanupPolicyDryRun: false,
          cleanupPolicies: cleanupPolicies(plan, driftReportDays, untaggedImageDays),
        },
        // The copies of upstream images can be pulled again.
        { parent: this, protect: protect && plan.upstream === undefined },
      ),
    }));
    this.registerOutputs({ url });
  }

  image(name: ImageName): string {
    const { host, pathname } = new URL(this.args.url);
    return imageReference(this.args.images, `${host}${pathname.replace(/\/$/, "")}`, name);
  }

  /** Returns no credentials: nodes and pods have identities of their own. */
  accessFrom(_environment: Environment): RegistryAccess {
    return { url: this.args.url };
  }

  /**
   * Lets a member pull. Nodes need only `images`, and only they need the copies of upstream images.
   *
   * @param name - prefix of the grants' resource names
   */
  allowPull(name: string, member: pulumi.Input<string>, what: "images" | "all", opts?: Child): void {
    for (const { plan, resource } of this.repositories)
      if (what === "images" ? plan.images : plan.upstream === undefined)
        this.allow(name, plan, resource, "reader", member, opts);
  }

  /** The repositories, for services outside of the cluster, which read them with their own identity. */
  readable(): ReadableRepository[] {
    const { location } = registryLocation(this.args.url);
    return this.repositories.map(({ plan, resource }) => ({
      location,
      name: plan.id,
      id: resource.repositoryId,
    }));
  }

  /** Lets a member push artifacts, move their tags, and pull everything. Images in a repository of their own stay read-only. */
  allowPush(name: string, member: pulumi.Input<string>, opts?: Child): void {
    for (const { plan, resource } of this.repositories)
      if (plan.upstream === undefined)
        this.allow(name, plan, resource, plan.immutableTags ? "reader" : "writer", member, opts);
  }

  private allow(
    name: string,
    plan: RepositoryPlan,
    repository: gcp.artifactregistry.Repository,
    role: "reader" | "writer",
    member: pulumi.Input<string>,
    opts: Child = { parent: this },
  ): void {
    new gcp.artifactregistry.RepositoryIamMember(
      `${name}-${plan.id}-${role}`,
      {
        project: repository.project,
        location: repository.location,
        repository: repository.repositoryId,
        role: `roles/artifactregistry.${role}`,
        member,
      },
      opts,
    );
  }
}

/** Returns the inputs that tell a repository for pushed content from one that copies an upstream registry. */
function contentOf({
  images,
  immutableTags,
  upstream,
}: RepositoryPlan): Pick<
  gcp.artifactregistry.RepositoryArgs,
  "mode" | "description" | "dockerConfig" | "remoteRepositoryConfig"
> {
  if (upstream !== undefined)
    return {
      mode: "REMOTE_REPOSITORY",
      description: `Copies of images of ${upstream}`,
      remoteRepositoryConfig: { description: upstream, commonRepository: { uri: upstream } },
    };
  return {
    mode: "STANDARD_REPOSITORY",
    description: images ? "Images, by digest" : "Data sets, models and reports, by digest",
    dockerConfig: { immutableTags },
  };
}

type Child = Pick<pulumi.CustomResourceOptions, "parent">;

/**
 * Returns the cleanup policies of a repository. Artifacts are referenced by digest and often have no tag, so only images and
 * drift reports are deleted by age.
 *
 * @see https://cloud.google.com/artifact-registry/docs/repositories/cleanup-policy
 */
function cleanupPolicies(
  plan: RepositoryPlan,
  driftReportDays: number,
  untaggedImageDays: number,
): gcp.types.input.artifactregistry.RepositoryCleanupPolicy[] {
  const policies: gcp.types.input.artifactregistry.RepositoryCleanupPolicy[] = [];
  if (plan.images && plan.immutableTags && plan.upstream === undefined)
    policies.push(
      { id: "keep-latest", action: "KEEP", mostRecentVersions: { keepCount: KEPT_VERSIONS } },
      {
        id: "delete-untagged",
        action: "DELETE",
        condition: { tagState: "UNTAGGED", olderThan: `${untaggedImageDays * DAY}s` },
      },
    );
  if (plan.temporaryPackages.length > 0)
    policies.push({
      id: "delete-drift-reports",
      action: "DELETE",
      condition: {
        tagState: "ANY",
        olderThan: `${driftReportDays * DAY}s`,
        packageNamePrefixes: plan.temporaryPackages,
      },
    });
  return policies;
}
