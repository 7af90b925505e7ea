import * as gcp from "@pulumi/gcp";
import type * as pulumi from "@pulumi/pulumi";
import type { RepositoryPlan } from "./repositories.ts";

export interface GcpRepositoryOptions {
  project: pulumi.Input<string>;
  location: string;
  /** `projects/…/cryptoKeys/…` that encrypts the repository. */
  keyName: pulumi.Input<string>;
  description: string;
  cleanupPolicies: gcp.types.input.artifactregistry.RepositoryCleanupPolicy[];
}

/** Seconds of a day, for the durations of cleanup policies. */
export const DAY_SECONDS = 86_400;

/** Creates a repository of Artifact Registry that is scanned for vulnerabilities. */
export function createGcpRepository(
  name: string,
  plan: RepositoryPlan,
  { project, location, keyName, description, cleanupPolicies }: GcpRepositoryOptions,
  opts: pulumi.CustomResourceOptions,
): gcp.artifactregistry.Repository {
  return new gcp.artifactregistry.Repository(
    name,
    {
      project,
      location,
      repositoryId: plan.id,
      format: "DOCKER",
      mode: "STANDARD_REPOSITORY",
      description,
      kmsKeyName: keyName,
      dockerConfig: { immutableTags: plan.immutableTags },
      vulnerabilityScanningConfig: { enablementConfig: "INHERITED" },
      cleanupPolicyDryRun: false,
      cleanupPolicies,
    },
    opts,
  );
}
