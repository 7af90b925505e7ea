import type * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { atLeast } from "../platform/kubernetes/at-least.ts";
import type { RegistryAccess } from "../platform/kubernetes/runtime-container.ts";
import { IdentityRegistry } from "../platform/registry/identity-registry.ts";
import type { ImageName, ImagesLock } from "../platform/registry/images-lock.ts";
import type { Registry } from "../platform/registry/registry.ts";
import { createGcpRepository, DAY_SECONDS } from "./create-repository.ts";
import { grantRepository } from "./grant-repository.ts";
import type { ReadableRepository } from "./managed-container.ts";
import { pushedPaths, planRepositories, registryLocation } from "./repositories.ts";

export interface ArtifactRegistryArgs {
  /** Base URL without a path, such as `https://europe-west4-docker.pkg.dev/acme-ml`. */
  url: string;
  /** Id of the project of the URL. */
  project: string;
  /** `projects/…/cryptoKeys/…` that encrypts the repositories; its users must include Artifact Registry. */
  keyName: pulumi.Input<string>;
  /** Images of the platform by digest. `ArtifactRegistryImages` creates their repositories. */
  images: ImagesLock;
  /** Repositories of artifacts that jobs push to, such as `flight-delays/pushback/model`. */
  repositories: readonly string[];
  /** Days after which drift reports are deleted; at least 1. Models, and the artifacts that they were made from, are kept. @default 90 */
  driftReportDays?: number;
  /** Refuse to delete the repositories. @default true */
  protect?: boolean;
}

/**
 * Artifact Registry for artifacts, encrypted with the given key and scanned for vulnerabilities: one repository per workload, where
 * `champion` and `challenger` can move.
 *
 * @example
 * const registry = new ArtifactRegistry("registry", { url, project, keyName, images: lock, repositories: ["flight-delays/pushback/model"] });
 */
export class ArtifactRegistry extends pulumi.ComponentResource implements Registry {
  private readonly project: string;
  private readonly location: string;
  private readonly registry: Registry;
  private readonly artifacts: readonly { id: string; repository: pulumi.Output<string> }[];
  /** Ids of the repositories of images. */
  private readonly imageIds: readonly string[];

  constructor(name: string, args: ArtifactRegistryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:registry:ArtifactRegistry", name, {}, opts);
    const { url, project, keyName, images, repositories, driftReportDays = 90, protect = true } = args;
    atLeast(1, driftReportDays, `${name}: driftReportDays`);
    const { location, prefix } = registryLocation(url);
    this.project = project;
    this.location = location;
    this.registry = new IdentityRegistry(url, images);
    this.imageIds = planRepositories(prefix, pushedPaths(images)).map(({ id }) => id);
    const plans = planRepositories(prefix, repositories);
    const shared = plans.find(({ id }) => this.imageIds.includes(id));
    if (shared !== undefined)
      throw new Error(
        `${name}: repositories must not be in the repository of images, whose tags cannot move, got ${shared.id} for both; rename the workload, or remove the path from url`,
      );
    this.artifacts = plans.map(({ id, temporaryPackages }) => ({
      id,
      repository: createGcpRepository(
        `${name}-${id}`,
        {
          project,
          location,
          repositoryId: id,
          keyName,
          description: "Data sets, models and reports, by digest",
          content: { immutableTags: false },
          cleanupPolicies: expireReports(temporaryPackages, driftReportDays),
        },
        { parent: this, protect },
      ).repositoryId,
    }));
    this.registerOutputs({ url });
  }

  image(name: ImageName): string {
    return this.registry.image(name);
  }

  /** Returns no credentials: nodes and pods have identities of their own. */
  accessFrom(...args: Parameters<Registry["accessFrom"]>): RegistryAccess {
    return this.registry.accessFrom(...args);
  }

  /** The repositories, for services outside of the cluster, which read them with their own identity. */
  readable(): ReadableRepository[] {
    const { location } = this;
    return [
      ...this.imageIds.map((name) => ({ location, name })),
      ...this.artifacts.map(({ id, repository }) => ({ location, name: id, id: repository })),
    ].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /**
   * Lets a member pull artifacts and, with `write`, push them and move their tags. Only nodes pull images.
   *
   * @param name - prefix of the grants' resource names
   */
  allow(
    name: string,
    access: "read" | "write",
    member: pulumi.Input<string>,
    opts: Pick<pulumi.CustomResourceOptions, "parent"> = { parent: this },
  ): void {
    const { project, location } = this;
    const role = access === "write" ? "writer" : "reader";
    for (const { id, repository } of this.artifacts)
      grantRepository(`${name}-${id}`, { project, location, repository }, { role, member }, opts);
  }
}

/** Artifacts are referenced by digest and often have no tag, so only drift reports are deleted by age. */
function expireReports(
  temporaryPackages: string[],
  days: number,
): gcp.types.input.artifactregistry.RepositoryCleanupPolicy[] {
  if (temporaryPackages.length === 0) return [];
  return [
    {
      id: "delete-drift-reports",
      action: "DELETE",
      condition: {
        tagState: "ANY",
        olderThan: `${days * DAY_SECONDS}s`,
        packageNamePrefixes: temporaryPackages,
      },
    },
  ];
}
