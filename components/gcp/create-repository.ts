import * as gcp from "@pulumi/gcp";
import type * as pulumi from "@pulumi/pulumi";

export interface GcpRepositoryOptions {
  project: pulumi.Input<string>;
  location: string;
  repositoryId: string;
  /** `projects/…/cryptoKeys/…` that encrypts the repository. */
  keyName: pulumi.Input<string>;
  description: string;
  /** Whether a tag can never move. */
  immutableTags: boolean;
  /** @see https://cloud.google.com/artifact-registry/docs/repositories/cleanup-policy */
  cleanupPolicies: gcp.types.input.artifactregistry.RepositoryCleanupPolicy[];
}

/** Seconds of a day, for the durations of cleanup policies. */
export const DAY_SECONDS = 86_400;

/** Creates a repository of Artifact Registry that is scanned for vulnerabilities. */
export function createGcpRepository(
  name: string,
  { keyName, immutableTags, ...options }: GcpRepositoryOptions,
  opts: pulumi.CustomResourceOptions,
): gcp.artifactregistry.Repository {
  return new gcp.artifactregistry.Repository(
    name,
    {
      ...options,
      format: "DOCKER",
      mode: "STANDARD_REPOSITORY",
      kmsKeyName: keyName,
      dockerConfig: { immutableTags },
      vulnerabilityScanningConfig: { enablementConfig: "INHERITED" },
      cleanupPolicyDryRun: false,
    },
    opts,
  );
}
