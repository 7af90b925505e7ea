import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../platform/environment.ts";
import { atLeast } from "../platform/kubernetes/at-least.ts";
import { planRepositories, registryLocation, type RepositoryPlan } from "./repositories.ts";
import { imageReference, type ImageName, type ImagesLock } from "../platform/registry/images-lock.ts";
import type { ReadableRepository } from "./managed-container.ts";
import type { RegistryAccess } from "../platform/kubernetes/runtime-container.ts";
import type { GcpKey } from "./key.ts";
import type { Registry } from "../platform/registry/registry.ts";

export interface ArtifactRegistryArgs {
  /** Base URL, such as `https://europe-west4-docker.pkg.dev/acme-ml`. A path after the project puts all into one repository. */
  url: string;
  /** Waits until the API is enabled; the project itself is that of the URL. */
  project: pulumi.Input<string>;
  /** Encrypts what is kept; Artifact Registry has to be its user. */
  key: GcpKey;
  /** Images of the platform by digest. */
  images: ImagesLock;
  /** Repositories of artifacts that jobs push to, such as `flight-delays/pushback/model`. */
  repositories: readonly string[];
  /** Days after which a drift report goes; at least 1. Models, and all that they come from, stay. @default 90 */
  driftReportDays?: number;
  /** Days after which an image without a tag goes, unless it is one of the last 20; at least 1. @default 90 */
  untaggedImageDays?: number;
  /** Refuse to delete the repositories. @default true */
  protect?: boolean;
}

/** Versions of an image that stay, however old. */
const KEPT_VERSIONS = 20;
const DAY = 86_400;

/**
 * Artifact Registry for images and artifacts alike, encrypted with an own key and scanned for vulnerabilities. Images
 * lie in a repository whose tags cannot move; artifacts in one per workload, since `champion` and `challenger` move.
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
    const imagePaths = Object.values(images.images).map(({ repository }) => repository);
    this.repositories = planRepositories(prefix, imagePaths, repositories).map((plan) => ({
      plan,
      resource: new gcp.artifactregistry.Repository(
        `${name}-${plan.id}`,
        {
          project,
          location,
          repositoryId: plan.id,
          format: "DOCKER",
          mode: "STANDARD_REPOSITORY",
          description: plan.images ? "Images, by digest" : "Data sets, models and reports, by digest",
          kmsKeyName: key.keyName,
          dockerConfig: { immutableTags: plan.immutableTags },
          vulnerabilityScanningConfig: { enablementConfig: "INHERITED" },
          cleanupPolicyDryRun: false,
          cleanupPolicies: cleanup(plan, driftReportDays, untaggedImageDays),
        },
        { parent: this, protect },
      ),
    }));
    this.registerOutputs({ url });
  }

  image(name: ImageName): string {
    const { host, pathname } = new URL(this.args.url);
    return imageReference(this.args.images, `${host}${pathname.replace(/\/$/, "")}`, name);
  }

  /** Nodes and pods have identities of their own: there are no credentials. */
  accessFrom(_environment: Environment): RegistryAccess {
    return { url: this.args.url };
  }

  /**
   * Lets a member pull. `images` alone is what nodes need.
   *
   * @param name - of the grants: public identity
   */
  allowPull(name: string, member: pulumi.Input<string>, what: "images" | "all", opts?: Child): void {
    for (const { plan, resource } of this.repositories)
      if (what === "all" || plan.images) this.allow(name, plan, resource, "reader", member, opts);
  }

  /** The repositories, for services outside of the cluster that read them as who they are. */
  readable(): ReadableRepository[] {
    const { location } = registryLocation(this.args.url);
    return this.repositories.map(({ plan, resource }) => ({
      location,
      name: plan.id,
      id: resource.repositoryId,
    }));
  }

  /** Lets a member push artifacts, move their tags, and pull all. Images stay read-only where they lie apart. */
  allowPush(name: string, member: pulumi.Input<string>, opts?: Child): void {
    for (const { plan, resource } of this.repositories)
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

type Child = Pick<pulumi.CustomResourceOptions, "parent">;

/**
 * Artifacts are named by digest and seldom tagged, so that none but passing ones may go by age.
 *
 * @see https://cloud.google.com/artifact-registry/docs/repositories/cleanup-policy
 */
function cleanup(
  plan: RepositoryPlan,
  driftReportDays: number,
  untaggedImageDays: number,
): gcp.types.input.artifactregistry.RepositoryCleanupPolicy[] {
  const policies: gcp.types.input.artifactregistry.RepositoryCleanupPolicy[] = [];
  if (plan.images && plan.immutableTags)
    policies.push(
      { id: "keep-latest", action: "KEEP", mostRecentVersions: { keepCount: KEPT_VERSIONS } },
      {
        id: "delete-untagged",
        action: "DELETE",
        condition: { tagState: "UNTAGGED", olderThan: `${untaggedImageDays * DAY}s` },
      },
    );
  if (plan.passing.length > 0)
    policies.push({
      id: "delete-drift-reports",
      action: "DELETE",
      condition: {
        tagState: "ANY",
        olderThan: `${driftReportDays * DAY}s`,
        packageNamePrefixes: plan.passing,
      },
    });
  return policies;
}
